/**
 * Makes the copy buttons work. Without this script they stay hidden, and the text can be selected by hand.
 *
 * `navigator.clipboard` exists on https and on this machine only, so the selection is the other way.
 */
export const copyScript = `
const status = document.getElementById('status');
for (const button of document.querySelectorAll('button[data-copy]')) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector('[data-label]');
  let restore;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const copied = await copy(source);
    label.textContent = copied ? 'Copied' : 'Selected';
    status.textContent = (copied ? 'Copied ' : 'Selected ') + button.dataset.what + '.';
    clearTimeout(restore);
    restore = setTimeout(() => {
      label.textContent = 'Copy';
      status.textContent = '';
    }, 2500);
  });
}
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand('copy');
  }
}
`;
