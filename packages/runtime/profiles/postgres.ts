import { profile } from "offstage";

/**
 * What `@modelcontextprotocol/server-postgres` does not say about itself; written by reading and running 0.6.2 over PostgreSQL 15. Without a type
 * argument: a project may call the server what it likes.
 *
 * Its one tool sends the text as it is between `BEGIN TRANSACTION READ ONLY` and `ROLLBACK`. A text of several statements can commit the
 * first and write with the rest (`COMMIT; INSERT …` does), so only a single one can be a read. What a read-only transaction does not keep
 * from happening is what functions do besides: take locks, end sessions, write files, speak to other databases. So a read calls none but those known here; a
 * profile of the project that lies over this one may know more. What the database's owner put behind a view, an operator or a type is not seen.
 *
 * What to know besides: `bigint` and `numeric` come as texts; a `date` as an instant of the server's own time zone; several statements answer with nothing.
 */

// Nothing behind its end, and no comment, which could stand between a name and its bracket.
const single = (sql: string) => /^[^;]*;?[ \t\n\r\f]*$/.test(sql) && !/--|\/\*/.test(sql);

// What may stand before a bracket besides: words of the language and its types, functions that only compute, and functions that only look.
const words = [
  "all", "analyze", "and", "any", "array", "as", "between", "bigint", "bit", "by", "bytea", "case", "cast", "char", "character", "cube", "decimal",
  "distinct", "else", "except", "exists", "explain", "extract", "filter", "float", "from", "group", "having", "ilike", "in", "intersect", "interval",
  "is", "join", "lateral", "like", "limit", "materialized", "not", "numeric", "offset", "on", "or", "over", "overlay", "position", "precision",
  "rollup", "row", "select", "set", "sets", "similar", "some", "substring", "then", "time", "timestamp", "timestamptz", "trim", "union", "update",
  "using", "values", "varchar", "varying", "when", "where",
];
const computing = [
  "abs", "age", "array_agg", "array_append", "array_length", "array_position", "array_remove", "array_to_string", "avg", "bit_length", "bool_and",
  "bool_or", "btrim", "cardinality", "ceil", "ceiling", "char_length", "character_length", "clock_timestamp", "coalesce", "concat", "concat_ws", "corr",
  "count", "cume_dist", "date", "date_bin", "date_part", "date_trunc", "decode", "dense_rank", "div", "encode", "every", "exp", "first_value", "floor",
  "format", "generate_series", "greatest", "grouping", "initcap", "isfinite", "json_agg", "json_array_elements", "json_array_elements_text",
  "json_array_length", "json_build_array", "json_build_object", "json_each", "json_each_text", "json_extract_path", "json_extract_path_text",
  "json_object_agg", "json_object_keys", "json_strip_nulls", "json_typeof", "jsonb_agg", "jsonb_array_elements", "jsonb_array_elements_text",
  "jsonb_array_length", "jsonb_build_array", "jsonb_build_object", "jsonb_each", "jsonb_each_text", "jsonb_extract_path", "jsonb_extract_path_text",
  "jsonb_object_agg", "jsonb_object_keys", "jsonb_path_exists", "jsonb_path_query", "jsonb_path_query_array", "jsonb_path_query_first", "jsonb_pretty",
  "jsonb_set", "jsonb_strip_nulls", "jsonb_typeof", "justify_days", "justify_hours", "justify_interval", "lag", "last_value", "lead", "least", "left",
  "length", "ln", "log", "lower", "lpad", "ltrim", "make_date", "make_interval", "make_time", "make_timestamp", "make_timestamptz", "max", "md5", "min",
  "mod", "mode", "now", "nth_value", "ntile", "nullif", "num_nonnulls", "num_nulls", "octet_length", "percent_rank", "percentile_cont",
  "percentile_disc", "plainto_tsquery", "power", "quote_ident", "quote_literal", "quote_nullable", "rank", "regexp_count", "regexp_like",
  "regexp_match", "regexp_matches", "regexp_replace", "regexp_split_to_array", "regexp_split_to_table", "regexp_substr", "repeat", "replace", "reverse",
  "right", "round", "row_number", "row_to_json", "rpad", "rtrim", "sha256", "sign", "split_part", "sqrt", "starts_with", "statement_timestamp",
  "stddev", "stddev_pop", "stddev_samp", "string_agg", "string_to_array", "string_to_table", "strpos", "substr", "sum", "timezone", "to_char",
  "to_date", "to_hex", "to_json", "to_jsonb", "to_number", "to_timestamp", "to_tsquery", "to_tsvector", "transaction_timestamp", "translate", "trunc",
  "ts_headline", "ts_rank", "unnest", "upper", "var_pop", "var_samp", "variance", "websearch_to_tsquery", "width_bucket",
];
const looking = [
  "col_description", "current_database", "current_schema", "format_type", "has_column_privilege", "has_schema_privilege", "has_table_privilege",
  "obj_description", "pg_column_size", "pg_database_size", "pg_get_constraintdef", "pg_get_functiondef", "pg_get_indexdef", "pg_get_viewdef",
  "pg_indexes_size", "pg_relation_size", "pg_size_pretty", "pg_table_size", "pg_total_relation_size", "pg_typeof", "version",
];
const known = [...words, ...computing, ...looking];

// The word before a bracket, and the table of an INSERT. ASCII alone: to PostgreSQL, all other letters and spaces are parts of names.
const word = /(?:^|[-!"#%&'()*+,/:<=>?@[\\\]^`{|}~][ \t\n\r\f]*|[\w$][ \t\n\r\f]+)([a-z_][a-z0-9_]*)[ \t\n\r\f]*$/i;
const table = /(?:^|[^\w$."])insert[ \t\n\r\f]+into[ \t\n\r\f]+[\w.]+[ \t\n\r\f]*$/i;
const noWord = /(?:^|[-,=<>+*/%|&^~!():[])[ \t\n\r\f]*$/;

const opens = (part: string) => noWord.test(part) || table.test(part) || known.includes(part.match(word)?.[1]?.toLowerCase() ?? "?");

const knownCalls = (sql: string) => sql.split("(").slice(0, -1).every((part) => opens(part));

const looks = (sql: string) => single(sql) && knownCalls(sql) && /^[ \t\n\r\f(]*(?:select|with|table|values|show|explain)\b/i.test(sql);

// PostgreSQL says so before it begins with one of these, and no function was called to say it in its place.
const neverBegun = (sql: string) => single(sql) && knownCalls(sql) && /^[ \t\n\r\f]*(?:insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|comment)\b/i.test(sql);

const readOnly = (text: string) => /^cannot execute [A-Z ]+ in a read-only transaction$/.test(text);

export default profile("@modelcontextprotocol/server-postgres@0", {
  query: [
    // Not `consistent`: a statement that waits for a lock may write after everybody has stopped waiting for it.
    { when: (a) => looks(a.sql), effect: "read" },
    { when: (a) => neverBegun(a.sql), effect: "write", undo: "none", refused: (r) => readOnly(r.text), affects: ["query"] },
    // After `COMMIT`, the same words may be about the last of several statements.
    { effect: "write", undo: "none", affects: ["query"] },
  ],
});
