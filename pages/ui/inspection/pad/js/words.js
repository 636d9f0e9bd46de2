// Words and stretches of a turn: by a segmenter for keys, by the selection for mouse and finger.

function wordsOf(text) {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  return Array.from(segmenter.segment(text))
    .filter((piece) => piece.isWordLike)
    .map(({ index, segment }) => {
      const from = charactersBefore(text, index);
      return { from, to: from + Array.from(segment).length };
    });
}

// Browsers differ in how a selection inside a shadow root is read.
function selectedRange(root) {
  const selection = root.getSelection ? root.getSelection() : document.getSelection();
  if (!selection || selection.isCollapsed) return null;
  if (selection.getComposedRanges && !root.getSelection) {
    const [found] = selection.getComposedRanges({ shadowRoots: [root] });
    const range = document.createRange();
    range.setStart(found.startContainer, found.startOffset);
    range.setEnd(found.endContainer, found.endOffset);
    return range;
  }
  return selection.rangeCount ? selection.getRangeAt(0) : null;
}
