import { stemsOf } from "./word-stems.ts";

/**
 * What people say, and what tools are called: the words of one line stand for each other. `_` joins words that are said
 * together. A word that means several things stands in several lines. Only what most services share: no tool's own words.
 */
const ALIKE = `
create make add new raise open file insert register
create book schedule plan
create write save store put
start begin launch trigger run kick_off execute
get read show fetch retrieve view see take display print look_at
get download
list all which every show
delete remove drop erase destroy discard throw_away get_rid
cancel abort kill terminate stop end
update change edit modify set adjust mark patch move
move rename
find search look_up query locate discover lookup google
get find query
send post tell say write message notify announce inform publish ping
write say comment
branch main master
browser page javascript
reply answer respond
accept decline respond reject rsvp
copy fork duplicate clone
merge squash integrate land
undo revert rollback roll_back
retry rerun restart redo again
invoke exec execute call
approve sign_off accept confirm
attach upload
append add
count how_many number_of total
describe explain detail schema structure
validate lint valid check verify
remember memory store know knowledge memorize
think reason
visit navigate go_to browse open
press click push tap
enter fill type
wait pause
compare diff difference
assign assignee owner
resolve fix close done solve finish
transition workflow status state move
top usage consumption using
scale replica instance
log output print stdout
log record track
explain slow performance
ticket issue bug task defect story incident
exception error crash failure problem issue
pull_request pr
merge_request mr
review reviewer approval
comment note remark reply
comment review said
repository repo codebase
commit change revision
blame who_wrote author who_changed
folder directory
disk file
picture screenshot image photo
page website site url
web internet online
channel conversation room chat
emoji reaction thumbs_up react
user person people member who
whoami who_am_i
contact customer lead company deal crm
crm hubspot salesforce
chat slack teams discord
database mongodb postgres sqlite
browser playwright puppeteer
error sentry
engagement phone_call call meeting
row record entry line
column field property attribute
entry row page item
table collection
database data_source db
calendar event meeting appointment invitation
freebusy free busy availability available
protect permission allowed may
pipeline build ci job workflow
flaky unstable intermittent
failure fail break broke crash
deploy deployment release rollout
container pod
cluster kubernetes k8s
manifest yaml resource
node machine host
resource deployment
shell terminal bash command exec
place restaurant shop
local near nearby around
news headline
video clip movie
link connect relation association
time clock now
environment env
size big large bytes
info metadata
todo to_do
label tag
block paragraph
`;

/** A word, or several that are said together, as stems. */
export type Phrase = readonly string[];

const MEANINGS = readMeanings();

/** Other phrases that mean the same; none for one that has no synonyms. */
export function synonymsOf(phrase: Phrase): readonly Phrase[] {
  return MEANINGS.get(phrase.join(" ")) ?? [];
}

function readMeanings(): ReadonlyMap<string, readonly Phrase[]> {
  const meanings = new Map<string, Phrase[]>();
  for (const line of ALIKE.trim().split("\n")) {
    const phrases = line.split(" ").map((written) => stemsOf(written));
    for (const phrase of phrases) {
      const key = phrase.join(" ");
      const others = phrases.filter((other) => other.join(" ") !== key);
      meanings.set(key, [...(meanings.get(key) ?? []), ...others]);
    }
  }
  return meanings;
}
