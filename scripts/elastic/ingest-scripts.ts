/** The parts of the ingest pipeline that no other processor can do, in Painless. */

/**
 * Sets `params.target` to the record, or else to the first text that may hold it, which a json processor reads before
 * this one looks again, at what was read. The record stands below one of `params.carriers`, themselves nested;
 * where it stands at the root, nothing is set.
 */
export const FIND_RECORD = `
def search(def value, List carriers, int envelopes) {
  if (value instanceof String) {
    String text = value.trim();
    return text.startsWith('{') || text.startsWith('[') ? value : null;
  }
  if (value instanceof List && value.size() == 1) value = value.get(0);
  if (!(value instanceof Map)) return null;
  if (value.get('eventName') instanceof String && value.get('eventSource') instanceof String) return value;
  if (envelopes == 0) return null;
  def text = null;
  for (def carrier : carriers) {
    def found = search(value.get(carrier), carriers, envelopes - 1);
    if (found instanceof Map) return found;
    if (text == null) text = found;
  }
  return text;
}
def start = ctx[params.target] == null ? ctx : ctx[params.target];
def found = search(start, params.carriers, params.envelopes);
if (found !== ctx) ctx[params.target] = found;
`.trim();

/**
 * Leaves of what was found below `params.target` the fields that `params.fields` names. Where it is no record, another
 * field of the root may hold one (the target of a json filter has any name), and else its fields stand at the root.
 */
export const KEEP_FIELDS = `
def found = ctx[params.target];
if (!(found instanceof Map) || !(found.get('eventName') instanceof String)) {
  found = ctx;
  if (!(ctx.eventName instanceof String)) {
    for (def value : ctx.values()) {
      if (value instanceof Map && value.get('eventName') instanceof String) found = value;
    }
  }
}
Map record = new HashMap();
for (def name : params.fields) {
  def value = found.get(name);
  if (value != null) record.put(name, value);
}
ctx[params.target] = record;
`.trim();

/** ECS's own parts of an answer, to the root, as the pipelines of Logstash move them; another's threat.* stays. */
export const LIFT_ECS_PARTS = `
if (!(ctx.detrails instanceof Map)) return;
if (ctx.threat == null && ctx.detrails.threat instanceof Map) ctx.threat = ctx.detrails.remove('threat');
if (!(ctx.detrails.related instanceof Map)) return;
Map related = ctx.related instanceof Map ? ctx.related : new HashMap();
Map added = ctx.detrails.remove('related');
for (def kind : added.keySet()) {
  List values = new ArrayList();
  def known = related.get(kind);
  if (known instanceof List) { values.addAll(known); } else if (known != null) { values.add(known); }
  for (def value : added.get(kind)) {
    if (!values.contains(value)) values.add(value);
  }
  related.put(kind, values);
}
ctx.related = related;
`.trim();

/** The condition that a call did not do what it asked for: src/action/call-outcome.ts, or what it has answered. */
export function hasFailed(record: string): string {
  return `
def said = ctx.detrails?.action?.outcome;
if (said != null) return said != 'success';
def record = ctx.${record};
if (record?.errorCode != null && record.errorCode != '') return true;
def details = record?.serviceEventDetails != null ? record.serviceEventDetails : record?.responseElements;
return details instanceof Map && details.get(record.eventName) == 'Failure';
`.trim();
}

/** Cuts every text below `params.fields` that is longer than `params.characters`. */
export const CUT_LONG_TEXTS = `
def cut(def value, int characters) {
  if (value instanceof String) return value.length() > characters ? value.substring(0, characters) : value;
  if (value instanceof Map) {
    for (def entry : value.entrySet()) entry.setValue(cut(entry.getValue(), characters));
  } else if (value instanceof List) {
    for (int at = 0; at < value.size(); at++) value.set(at, cut(value.get(at), characters));
  }
  return value;
}
for (def name : params.fields) cut(ctx.aws?.cloudtrail?.flattened?.get(name), params.characters);
`.trim();
