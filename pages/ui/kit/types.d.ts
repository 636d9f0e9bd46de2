/** What Streamlit gives a component with every run of the page's script. */
export interface Component<Data> {
  data: Data;
  parentElement: ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

/** What stands in one place of the page from its first run to its last. */
export interface View<Data> {
  update(component: Component<Data>): void;
  destroy(): void;
}

type Value = string | number | boolean | null | undefined;
type Listener = (event: any) => unknown;

/** Attributes and listeners of an element; null, undefined and false leave an attribute out. */
export interface Props {
  onclick?: (event: MouseEvent) => unknown;
  ondblclick?: (event: MouseEvent) => unknown;
  oninput?: (event: Event) => unknown;
  onkeydown?: (event: KeyboardEvent) => unknown;
  onmousedown?: (event: MouseEvent) => unknown;
  onpointerup?: (event: PointerEvent) => unknown;
  [name: string]: Value | Listener;
}

/** What an element may hold; what is empty is left out. */
export type Child = Node | Value;

/** A part of a text, with the style that all of it has. */
export interface Stretch {
  style: string;
  text: string;
}

/** From and to, in characters. */
export type Span = [number, number];
