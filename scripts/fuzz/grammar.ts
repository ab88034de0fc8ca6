import type { TypeName } from "./typed-names.ts";

/**
 * The grammar of generated expressions, over the whole allowlist. `@type` is a piece of that type; `@type{x:num}` one in
 * which x is a number too, and which stands inside a callback; `@type{}` one that cannot wait, as a default.
 */
export const GRAMMAR: Readonly<Record<TypeName, readonly string[]>> = {
  num: [
    "(@num + @num)", "(@num - @num)", "(@num * @num)", "(@num / @num)", "(@num % @num)", "(-@num)", "(+@num)", "@str.length", "@nums.length", "@map.size", "@set.size", "@nset.size", "@strs.length",
    "@str.indexOf(@str)", "@str.indexOf(@str, @num)", "@nums.indexOf(@num)", "@nums.indexOf(@num, @num)", "@strs.indexOf(@str)", "@nums.findIndex((x, i) => @bool{x:num,i:num})",
    "@nums.reduce((a, x) => @num{a:num,x:num}, @num)", "@nums.reduce((a, x, i) => @num{a:num,x:num,i:num})", "@strs.reduce((a, x) => @num{a:num,x:str}, @num)",
    "Math.min(@num, @num)", "Math.max(...@nums, @num)", "Math.floor(@num)", "Math.ceil(@num)", "Math.round(@num)", "Math.abs(@num)", "Math.min()", "Number(@str)", "Number(@bool)",
    "@nums.reduce((sum, x) => sum + x, 0)", "@items.reduce((sum, { id }) => sum + id, 0)", "@items.reduce((sum, x) => sum + @num{x:item}, 0)", "[...new Map(@pairs)].reduce((sum, [, v]) => sum + v, 0)", "(Math.round(@num * 100) / 100)", "(@num * 3)", "(2.5 * @num)", "(@num / 7)", "(@optItem?.more?.rank ?? 0)", "(@optNum ?? -1)",
    "(@optNum ?? @num)", "(@cond ? @num : @num)", "@item.id", "@odd.valueOf", '@odd["10"]', "@odd.length", "(@map.get(@str) ?? @num)", "(@nums.at(@num) ?? @num)", "(@nums[@num] ?? @num)",
    "(@pair)[1]", "(@item.more?.rank ?? @num)", "(@optItem?.id ?? @num)", "@nested.flat().length", "(@str.match(@re)?.index ?? @num)", "time(@date)", "(time(@date) - time(@date))", "duration(@span)", "parseCsv(@csv).length", "[...chunk(@strs, @tiny)].length", "@pairs.reduce((sum, [k, v = @num{}]) => @num{sum:num,k:str,v:num}, @num)", "([...@str.matchAll(@reg)].at(-1)?.index ?? @num)",
  ],
  tiny: ["0", "1", "2", "3", "@nums.length"],
  date: ["@str", "@str", "iso(@num)", "iso(time(@date))", "(iso(time(@date)).slice(0, 10))", "(@date + \"Z\")", "@date.replace(\"2\", @str)"],
  span: ["@str", "(@span + @span)", "`${@num}ms`", "`${@span} `", "@span.slice(@tiny)", "@span.toUpperCase()", "`${@num}s`", "`${@tiny}d`"],
  csv: ["@str", "(@csv + @str)", "`a,b\\n${@str},${@str}`", "`${@str},${@str}\\n\"${@str}\",${@csv}`", "@strs.join(\"\\n\")", "@csv.replaceAll(\",\", @str)"],
  str: [
    "(@str + @str)", "`@lit${@str}@lit${@num}${@bool}`", "@str.slice(@num)", "@str.slice(@num, @num)", "(@str.at(@num) ?? @str)", "(@str[@num] ?? @str)", "@str.trim()", "@str.trimStart()", "@str.trimEnd()",
    "@str.toUpperCase()", "@str.toLowerCase()", "@str.replace(@str, @str)", "@str.replaceAll(@str, @str)", "@str.replace(@re, @sub)", "@str.replace(@reg, @sub)", "@str.replaceAll(@reg, @sub)",
    "@str.padStart(@tiny, @str)", "@str.padEnd(@tiny)", "@str.padEnd(@tiny, @str)", "@str.repeat(@tiny)", "@strs.join(@str)", "@nums.join()", "@nums.join(@str)", "String(@num)", "String(@bool)", "String(@json === null)",
    "encodeURIComponent(@str)", "JSON.stringify(@json)", "JSON.stringify(@item)", "JSON.stringify(@odd, null, @tiny)", "JSON.stringify(@nums, null, @str)", "JSON.stringify(@rec)", "JSON.stringify(@str)", "JSON.stringify(@strs)",
    "(@optStr ?? @str)", "(@nulStr ?? @str)", "(@optStr || @str)", '(@optStr ?? "-")', '(@nulStr || "none")', '(@nulStr?.toUpperCase() ?? "-")', '(@optItem?.tags.at(0) ?? @item.name)', "(@optItem?.name.slice(1) ?? s0)", '([...new Map(@pairs)].map(([k]) => k).at(-1) ?? "")',  "(@cond ? @str : @str)", "@item.name", "@odd.toString", '@odd["a b"]', "(@item.more?.note ?? @str)", "(@optItem?.name ?? @str)", "(@optItem?.tags.at(@num)?.trim() ?? @str)",
    "(@strs.find((x) => @bool{x:str}) ?? @str)", "(@strs.findLast((x, i) => @bool{x:str,i:num}) ?? @str)", "@strs.reduce((a, x) => @str{a:str,x:str}, @str)", "(@str.match(@re)?.[1] ?? @str)", "(@str.match(@reg)?.[0] ?? @str)",
    '(@str.match(@named)?.groups?.["a"] ?? @str)', "(@pair)[0]", "capture(@str, @re)", '(captures(@str, @namedg).at(0)?.["a"] ?? @str)', "lines(@str).join(@str)", "hash(@json)", "hash(@item)", "hash(@rec)", "hash(@odd)", "hash(@str)", "hash(@nums)", "hash([@optNum, @nulStr])", "hash({ b: @optStr, a: @num, \"\\u20ac\": @pairs })", "hash([@set.size, ...@items])", "iso(@num)", "iso(time(@date))", "iso(time(@date) + duration(@span))",
    "quote.jql(@str)", "quote.markdown(@str)", "quote.slack(@str)", "quote.html(@str)", "quote.url(@str)", "quote.graphql(@str)", "quote.sql(@str)", '(captures(@str, @namedg, { count: @tiny }).at(0)?.["a"] ?? @str)', "JSON.stringify(parseCsv(@csv))", 'JSON.stringify(parseCsv(@csv, { separator: ";" }))', "JSON.stringify(captures(@str, @namedg))", "JSON.stringify([...@map], null, @tiny)",
  ],
  bool: [
    "(@num < @num)", "(@num <= @num)", "(@num > @num)", "(@num >= @num)", "(@str < @str)", "(@str <= @str)", "(@str > @str)", "(@str >= @str)", "(@num === @num)", "(@num !== @num)", "(@str === @str)", "(@optStr === @optStr)",
    "(@nulStr !== null)", "(@optNum === undefined)", "(item.tags === strs)", "(@optItem === item)", "!@cond", "(@bool && @bool)", "(@bool || @bool)", "@str.includes(@str)", "@str.includes(@str, @num)", "@str.startsWith(@str)", "@str.startsWith(@str, @num)",
    "@str.endsWith(@str)", "@str.endsWith(@str, @num)", "@strs.includes(@str)", "@nums.includes(@num)", "@nums.includes(@num, @num)", "@nums.some((x) => @bool{x:num})", "@strs.every((x, i) => @bool{x:str,i:num})", "@nums.some((x, i, all) => @bool{x:num,i:num,all:nums})",
    "@map.has(@str)", "@set.has(@str)", "@nset.has(@num)", "@nmap.has(@num)", "@re.test(@str)", "Array.isArray(@json)", "(@cond ? @bool : @bool)",
  ],
  cond: ["@bool", "@optStr", "@nulStr", "@optItem"],
  optStr: ["@nmap.get(@num)", "@strs[@num]", "@strs.at(@num)", "@str.at(@num)", "@strs.find((x) => @bool{x:str})", "(@cond ? @str : undefined)", "@item.more?.note?.slice(@num)", "@optItem?.name", "@str.match(@re)?.[1]", "@odd.hasOwnProperty[@num]"],
  optNum: ["@nums[@num]", "@nums.at(@num)", "@map.get(@str)", "@nums.findLast((x) => @bool{x:num})", "@item.more?.rank", "@optItem?.more?.rank", "(@cond ? @num : undefined)", "@optStr?.length"],
  nulStr: ["(@nulStr && @str)", "(@cond ? @str : null)", "(@item.more?.note || null)"],
  nums: [
    "[@num, @num]", "[...@nums, @num]", "([] as readonly number[])", "@nums.map((x, i) => @num{x:num,i:num})", "@strs.map((s) => @num{s:str})", "@nums.filter((x) => @cond{x:num})", "@nums.slice(@num)", "@nums.slice(@num, @num)", "@nums.concat(@nums, @num)",
    "@nums.toSorted((a, b) => a - b)", "@nums.toSorted((a, b) => b - a)", "@nums.toSorted((a, b) => (a > b ? -1 : 1))", "@items.map(({ id }) => id)", "@strs.map((x, i) => x.length - i + 1)", "@pairs.map(([, v], i) => v - i)", "@nums.toSorted((a, b) => a - b).slice(-2, 3)", "@items.map((x) => @num{x:item}).slice(1)", "[...new Map(@pairs)].toSorted(([, a], [, b]) => b - a).map(([k, v]) => v + k.length)", "[...new Map(@pairs).entries()].filter(([k, v]) => @bool{k:str,v:num}).map(([, v]) => v)", "@nums.toSorted((a, b) => @num{a:num,b:num})", "@nums.toReversed()", "@nested.flat()", "@nested.flatMap((list, i) => @nums{list:nums,i:num})", "@nums.flatMap((x) => [x, @num{x:num}])",
    "[...@map.values()]", "[...@nset]", "[...@nmap.keys()]", "[...Map.groupBy(@nums, (x) => @num{x:num}).keys()]", "Array.from(@nums)", "Array.from(@nset.values())", "Array.from({ length: @tiny }).map((_, i) => @num{i:num})", "[...range(@tiny)]", "Object.values(@rec)", "@items.map((x) => @num{x:item})", "@items.map(({ id, tags: [t = @str{}], more: { note: m = @nulStr{}, rank = @num{} } = { note: null } }) => @num{id:num,t:str,m:nulStr,rank:num})", "@pairs.map(([, v]) => @num{v:num})", "[...@nset.keys()]", "[...@nset.entries()].map(([a, b]) => a + b)", "(@cond ? @nums : @nums)", "@strs.map(Number)", "@nums.map(Math.round)",
    "(chunk(@nums, @tiny).at(@num) ?? @nums)",
  ],
  strs: [
    "[@str, @str]", "[...@strs, @str]", "([] as readonly string[])", "@str.split(@str)", "@str.split(@str, @num)", "@str.split(@re)", "@str.split(@re, @num)", "[...(@str.match(@reg) ?? [])]", "[...@str.matchAll(@reg)].map((m) => m[0])",
    "@strs.map((x, i) => @str{x:str,i:num})", "@nums.map((x) => @str{x:num})", "@strs.filter((x, i) => @cond{x:str,i:num})", "@strs.slice(@num, @num)", "@strs.concat(@str)", "@strs.toReversed()",
    "@strs.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))", "@strs.toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0))", "@strs.toSorted((a, b) => b.length - a.length)", "Object.keys(@rec)", "Object.keys(@odd)", "Object.keys(@item)", "Object.keys(@strs)", "[...@set]", "[...@map.keys()]", "[...@set.values()]", "[...@str]", "Array.from(@str)", "Array.from(@set)",
    "@item.tags", "@odd.$", "@odd.hasOwnProperty", "@strs.flatMap((x) => @strs{x:str})", "@items.map((x) => @str{x:item})", "(@cond ? @strs : @strs)", "@nums.map(String)", "[...lines(@str)]", "[...@set.keys()]", "parseCsv(@csv).flatMap((x) => Object.values(x))", "parseCsv(@csv).flatMap((x) => Object.keys(x))", "[...groupBy(@strs, (x) => @str{x:str}).keys()]", "[...@nmap.values()]", "@strs.map(encodeURIComponent)",
  ],
  nested: ["[@nums, @nums]", "@nums.map((x) => @nums{x:num})", "@nested.filter((list) => @cond{list:nums})", "[...chunk(@nums, 2)]", "[...groupBy(@nums, (x) => @str{x:num}).values()]", "[...groupBy(@nums, (x) => @str{x:num})].map(([, all]) => all)", "[...Map.groupBy(@nums, (x) => @bool{x:num}).values()]", "[...Map.groupBy(@nset, (x) => @num{x:num}).values()]", "@nested.toReversed()"],
  pair: ["([@str, @num] as const)", "(@pairs[0] ?? ([@str, @num] as const))"],
  pairs: ["[@pair]", "[...@map]", "[...@map.entries()]", "Object.entries(@rec)", "@strs.map((x, i) => [x, @num{x:str,i:num}] as const)", "@pairs.filter(([k, v]) => @cond{k:str,v:num})", "@pairs.toReversed()"],
  item: ["({ id: @num, name: @str, tags: @strs } as Item)", "({ ...@item, name: @str } as Item)", "({ ...@item, more: { note: @nulStr } } as Item)", "(@optItem ?? @item)", "(@cond ? @item : @item)", "({ ...@item, more: undefined } as Item)"],
  items: ["[@item]", "[...@items, @item]", "@items.filter((x, i) => @cond{x:item,i:num})", "@items.map((x) => @item{x:item})", "@items.toSorted((a, b) => a.id - b.id)", "@items.toSorted((a, b) => b.id - a.id)", "@items.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))", "@items.toSorted((a, b) => (b.more?.rank ?? 0) - (a.more?.rank ?? 0))", "@items.toSorted(({ id: a }, { id: b }) => a - b)", "@items.slice(@num)", "@items.flatMap((x) => (@cond{x:item} ? [x] : []))", "[...Map.groupBy(@items, (x) => @str{x:item}).values()].flat()"],
  optItem: ["@items[@num]", "@items.at(@num)", "@items.find((x) => @bool{x:item})", "@items.findLast(({ name, id }) => @bool{name:str,id:num})", "(@cond ? @item : undefined)"],
  odd: ["({ ...@odd, toString: @str } as Odd)", "({ ...@odd, $: @strs, valueOf: @num } as Odd)", '({ ...@odd, "a b": @str, "2": @num } as Odd)', "(@cond ? @odd : @odd)"],
  rec: ["Object.fromEntries(@pairs)", "Object.fromEntries(@map)", "({ ...@rec, [\"x\"]: @num } as Rec)", "({ a: @num, ...@rec, 1: @num } as Rec)", "({ b: @num, a: @num } as Rec)"],
  map: ["new Map(@pairs)", "new Map([...@map, @pair])", "new Map<string, number>()", "new Map(@map)", "new Map([...groupBy(@strs, (x) => @str{x:str})].map(([k, list]) => [k, list.length] as const))"],
  set: ["new Set(@strs)", "new Set([...@set, @str])", "new Set<string>()", "new Set(@str)", "new Set(@map.keys())", "new Set([...@set].filter((x) => @bool{x:str}))"],
  rest: ["({ a: @num })"],
  nmap: ["new Map(@nums.map((x, i) => [x, @str{x:num,i:num}] as const))", "new Map<number, string>()", "new Map(@nmap.entries())"],
  nset: ["new Set(@nums)", "new Set([...@nset, @num])"],
  json: [
    "@num", "@str", "@bool", "null", "@nums", "@strs", "@nulStr", "[@json, @json]", "({ $: [@json, @str], a: @json })", "({ kind: \"unknown\", from: @strs })", "(JSON.parse(JSON.stringify(@json) ?? \"0\") as Json)", "(JSON.parse(@str) as Json)",
    "(JSON.parse(JSON.stringify(@rec)) as Json)", "(JSON.parse(JSON.stringify(@odd)) as Json)", "(@cond ? @json : @json)",
  ],
};
