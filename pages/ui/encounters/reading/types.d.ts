// What pages/ui/encounters/reading/contents.py sends.

import type { Span } from "../../kit/types.js";

export interface TurnPin {
  key: string;
  name: string;
  lost: boolean;
}

export interface ReadTurn {
  position: number;
  speaker: string;
  name: string;
  time: string;
  text: string;
  hits: Span[];
  marks: { from: number; to: number; lost: boolean }[];
  pins: TurnPin[];
}

export interface Photo {
  src: string;
  region: Record<"left" | "top" | "width" | "height", number> | null;
}

/** Where in the encounter a point was lost. */
export interface PinnedPlace {
  turn: number | null;
  quote: string;
  note: string;
  time: string;
  photo: Photo | null;
}

export interface LostItem {
  key: string;
  name: string;
  text: string;
  answer: string;
  lost: string;
  effect: string;
  note: string;
  guidance: string;
  pins: PinnedPlace[];
}

export interface LostSection {
  title: string;
  score: string;
  items: LostItem[];
}

export interface ReadingData {
  case: number;
  turns: ReadTurn[];
  facts: { name: string; value: string }[];
  sections: LostSection[];
  losses: boolean;
  note: string;
  texts: Record<
    | "transcript"
    | "record"
    | "lost"
    | "nothing_lost"
    | "no_transcript"
    | "answer"
    | "note"
    | "form_note"
    | "guidance"
    | "turn"
    | "show_turn"
    | "show_item"
    | "photo_of"
    | "no_evidence",
    string
  >;
}
