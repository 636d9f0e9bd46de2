// What the portal sends the pad, and what the pad sends back: pages/ui/inspection/pad/items.py and
// display.py write the first, pages/web/inspection/work.py reads the second.

export type Comparison = "<" | "<=" | ">" | ">=" | "=" | "!=";

/** One comparison with an earlier item, or several joined. */
export interface Condition {
  item?: string;
  equals?: string[];
  in?: string[];
  not_in?: string[];
  all_of?: string[];
  compare?: { op: Comparison; value: number };
  all?: Condition[];
  any?: Condition[];
  not?: Condition;
}

export interface Option {
  key: string;
  text: string;
  points: number;
  effect: string | null;
}

/** A time in which the customer had to act, and what for. */
export interface Pause {
  from: string;
  to: string;
  reason: string;
}

export interface Clock {
  pauses?: boolean;
  start: string;
  stop: string;
  limit: number | null;
  limitText: string;
}

export interface Prefilled {
  start: string;
  stop: string;
  kind: "system" | "manual";
  pauses?: Pause[];
}

/** What decides whether an item is asked, and what it says to the items behind it. */
export interface AskedItem {
  key: string;
  kind: string;
  clock: { limit: number | null } | null;
  when: Condition | null;
}

export interface Item extends AskedItem {
  kind: "yes_no" | "single" | "multi" | "graded" | "number" | "text" | "date" | "clock";
  code: string;
  name: string;
  term: string;
  text: string;
  guidance: string;
  good: string;
  bad: string;
  source: string;
  options: Option[];
  effects: string[];
  critical: boolean;
  keyMoment: boolean;
  excluded: boolean;
  informs: boolean;
  required: boolean;
  na: boolean;
  naReason: boolean;
  yes: string | null;
  no: string | null;
  scored: boolean;
  decimals: boolean;
  low: number | null;
  high: number | null;
  clock: Clock | null;
  prefilled: Prefilled | null;
}

export interface AskedSection {
  when: Condition | null;
  items: AskedItem[];
}

export interface Section extends AskedSection {
  key: string;
  title: string;
  items: Item[];
}

export interface Checklist {
  title: string;
  sections: Section[];
}

/** One option, several, a value, two times, or N/A with a reason. */
export interface Answer {
  value?: string | number;
  values?: string[];
  start?: string;
  stop?: string;
  paused_seconds?: number;
  pauses?: Pause[];
  evidence_kind?: "system" | "manual";
  na?: boolean;
  reason?: string;
  note?: string;
}

export type Answers = Record<string, Answer>;

/** A part of a photo in shares of its sides; all of it where there is none. */
export interface Region {
  region_left: number;
  region_top: number;
  region_width: number;
  region_height: number;
}

export interface NoRegion {
  region_left: null;
  region_top: null;
  region_width: null;
  region_height: null;
}

/** Where in a turn and in the recording a pin points. */
export interface Place {
  turn_position?: number;
  start_offset?: number;
  end_offset?: number;
  start_second?: number;
  end_second?: number;
}

export interface Pin {
  item_key: string;
  turn_position: number | null;
  start_offset: number | null;
  end_offset: number | null;
  start_second: number | null;
  end_second: number | null;
  photo: string | null;
  region_left: number | null;
  region_top: number | null;
  region_width: number | null;
  region_height: number | null;
  moment: string | null;
  moment_kind: "system" | "manual" | null;
  note: string;
}

/** All that was entered. */
export interface Content {
  answers: Answers;
  evidence: Pin[];
  note: string;
  active_seconds: number;
}

export interface Draft extends Content {
  version: number;
  saved_at: string | null;
}

export interface Turn {
  position: number;
  speaker: string;
  speaker_name: string;
  text: string;
  start: number | null;
  wait?: { text: string; late: boolean } | null;
}

export interface RecordedEvent {
  key: string;
  name: string;
  at: string;
  shown: string;
  kind: "system" | "manual";
}

export interface Encounter {
  channel: string;
  zone: string;
  duration: number | null;
  recording: string;
  observed: boolean;
  began: string;
  facts: { name: string; value: string }[];
  events: RecordedEvent[];
  turns: Turn[];
}

export interface ItemResult {
  lost: string;
  effect: string;
}

/** The score as it is shown. */
export interface Sheet {
  score: string | null;
  before: string | null;
  floors: string | null;
  reason: string | null;
  missing: string[];
  unproven: string[];
  wanted: string[];
  sections: Record<string, string>;
  items: Record<string, ItemResult>;
}

export interface LedgerLine {
  level: string;
  subject: string;
  step: string;
  calculation: string;
  result: string;
}

export interface OpenState {
  state: "open";
  assignment: number;
  user: number;
  token: string;
  next: number | null;
  title: string;
  subtitle: string;
  checklist: Checklist;
  encounter: Encounter;
  asks_about_n: boolean;
  ruled_out: string[];
  draft: Draft;
  sheet: Sheet;
}

export interface EndedState {
  state: "submitted" | "skipped" | "withdrawn" | "left";
  assignment: number;
  user: number;
  token: string;
  next: number | null;
}

export type State = OpenState | EndedState;

export interface Saved {
  version: number;
  saved_at: string;
  sheet: Sheet;
}

/** What was submitted: its number, and the score as it is shown. */
export interface Receipt {
  inspection?: number;
  score?: string | null;
}

/** What comes back instead of what was asked for. */
export interface Refusal {
  error?: string;
  items?: string[];
}

/** An answer of the server; status 0 means that it was not reached. */
export interface Reply<Data> {
  status: number;
  data: Data & Refusal;
}

export type SaveReport =
  "changed" | "saving" | "saved" | "retrying" | "refused" | "signed_out" | "conflict";

/** What this browser keeps until the server has it. */
export interface KeptWork {
  version: number;
  dirty: boolean;
  pending: (Content & { version: number }) | null;
  base?: Content;
  content: Content;
}

/** What an item's fields and buttons ask for; the pad and the preview do it in their own ways. */
export interface ItemActions {
  root: ShadowRoot;
  keyOf(command: string): string;
  helping: boolean;
  tools: ItemTools | null;
  focusItem(key: string, options?: { grab?: boolean }): void;
  choose(item: Item, option: string): void;
  notApplicable(item: Item): void;
  advance(item: Item): void;
  leaveField(event: KeyboardEvent, item: Item): void;
  showPin(pin: Pin): void;
  describePin(pin: Pin): string;
}

/** What only the pad can do with an item. */
export interface ItemTools {
  note(item: Item): void;
  photo(item: Item, options?: { camera?: boolean }): void;
  moment(item: Item): void;
  pinMoment(item: Item, moment: string, kind: "system" | "manual", note?: string): void;
  toggleHelp(item: Item): void;
  clear(item: Item): void;
}

export interface PadData {
  assignment: number;
  routes: string;
  narrowed: string;
  language: string;
  texts: Texts;
  largest_photo: number;
}

/** What stands in pages/ui/inspection/pad/texts.py. */
export type Texts = Record<TextName, string> & {
  pins: [string, string];
  key_list: [string, string][];
  na_reasons: string[];
  skip_reasons: string[];
  left?: string;
};

export type TextName =
  | "record"
  | "checklist"
  | "transcript"
  | "recording"
  | "no_recording"
  | "no_transcript"
  | "unplayable"
  | "play"
  | "pause"
  | "back"
  | "speed"
  | "stretch"
  | "position"
  | "pin_to"
  | "pin_words_to"
  | "go_to_item"
  | "turn"
  | "progress"
  | "ledger"
  | "keys"
  | "close"
  | "critical"
  | "key_moment"
  | "not_scored"
  | "na"
  | "na_reason"
  | "na_reason_all"
  | "na_reason_needed"
  | "na_title"
  | "undone"
  | "nothing_to_undo"
  | "digits_here"
  | "use_keys"
  | "set_keys"
  | "set_key"
  | "press_key"
  | "key_taken"
  | "reset_keys"
  | "ruled_out"
  | "by_facts"
  | "characters"
  | "too_long"
  | "cost"
  | "cost_nothing"
  | "receipt"
  | "receipt_without_score"
  | "search"
  | "search_none"
  | "found"
  | "forward"
  | "hear_turn"
  | "clear"
  | "merged"
  | "note_named"
  | "na_critical_all"
  | "no_na"
  | "no_no"
  | "no_yes"
  | "n_moved"
  | "n_is_no"
  | "n_is_no_here"
  | "keys_here"
  | "note"
  | "note_here"
  | "form_note"
  | "type_here"
  | "evidence"
  | "evidence_needed"
  | "evidence_wanted"
  | "tools"
  | "help"
  | "good_example"
  | "bad_example"
  | "points_lost"
  | "remove_pin"
  | "no_guidance"
  | "limit"
  | "consequence"
  | "laid_down_in"
  | "use_system_times"
  | "times_system"
  | "times_manual"
  | "stops_before_start"
  | "pauses"
  | "pause_from"
  | "pause_to"
  | "pause_why"
  | "add_pause"
  | "remove_pause"
  | "pause_unfinished"
  | "pause_outside"
  | "pause_too_long"
  | "met"
  | "late"
  | "photo"
  | "photos"
  | "choose_photo"
  | "photo_of"
  | "sending_photo"
  | "photo_not_sent"
  | "photo_too_large"
  | "photo_too_large_on_the_way"
  | "photo_unreadable"
  | "remove_photo"
  | "whole_photo"
  | "region_done"
  | "region_how"
  | "region_keys"
  | "watching"
  | "region"
  | "no_region"
  | "moment"
  | "moment_system"
  | "moment_manual"
  | "moment_typed_here"
  | "pin_moment"
  | "before_critical"
  | "changed"
  | "saving"
  | "saved"
  | "stored_at"
  | "retrying"
  | "refused"
  | "seconds"
  | "minutes"
  | "signed_out"
  | "sign_in"
  | "try_again"
  | "unreachable"
  | "away"
  | "conflict_short"
  | "conflict"
  | "difference"
  | "load_stored"
  | "use_mine"
  | "submit"
  | "submitting"
  | "not_submitted"
  | "missing"
  | "few_title"
  | "few_apply"
  | "submit_anyway"
  | "go_back"
  | "skip"
  | "skip_title"
  | "skip_reason"
  | "skip_now"
  | "cancel"
  | "to_queue"
  | "open_next"
  | "done"
  | "submitted"
  | "skipped"
  | "withdrawn";
