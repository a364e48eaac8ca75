// What a till gains when scripts run: keys under the thumb, and "paid" at once, in sound and speech.

// Keys. On a phone they stand in for the keyboard; a real keyboard works from anywhere on the page.
const pad = document.querySelector(".pad");
if (pad) {
  const price = document.getElementById("field-amount");
  const press = (key) => {
    const was = price.value;
    if (key === "back") price.value = was.slice(0, -1);
    else if (key === "clear") price.value = "";
    else if (/^[0-9]{0,6}(\.[0-9]{0,2})?$/.test(was + key)) price.value = was + key;
    if (price.value === ".") price.value = "0.";
  };
  pad.hidden = false;
  if (matchMedia("(pointer: coarse)").matches) price.inputMode = "none";
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (key) press(key.value);
  });
  const meanings = { Backspace: "back", Delete: "clear", Escape: "clear" };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === price) return;
    const key = /^[0-9.]$/.test(event.key) ? event.key : meanings[event.key];
    if (key) press(key), event.preventDefault();
    // Enter on one of the keys presses that key; anywhere else it asks.
    else if (event.key === "Enter" && !event.target.closest("a, button")) price.form.requestSubmit();
  });
}

// Sound and speech, each unless it was switched off in this browser.
const wanted = (what) => !localStorage.getItem(`no ${what}`);
const speak = (words) => {
  if (!window.speechSynthesis) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = document.documentElement.lang === "en" ? "en-GB" : "th-TH";
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
};
const chime = () => {
  const player = new AudioContext();
  const loudness = player.createGain();
  loudness.connect(player.destination);
  loudness.gain.setValueAtTime(0.5, player.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, player.currentTime + 0.7);
  [[880, 0], [1319, 0.15]].forEach(([pitch, after]) => {
    const tone = player.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(loudness);
    tone.start(player.currentTime + after);
    tone.stop(player.currentTime + 0.7);
  });
};
const announce = (words) => {
  try { if (wanted("sound")) chime(); } catch { /* colour is enough */ }
  if (wanted("speech")) speak(words);
};

// Paid: told once, however often the page is loaded.
const tellPaid = () => {
  const paid = document.querySelector("[data-paid]");
  if (!paid) return;
  paid.querySelector(".next").focus({ preventScroll: true });
  const known = `told ${paid.dataset.paid}`;
  if (sessionStorage.getItem(known)) return;
  sessionStorage.setItem(known, "yes");
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(200);
  announce(paid.dataset.speak);
};

// News. Where events come, one is a reason to look, and looking now and then only a precaution; elsewhere it is all.
const waits = () => document.querySelector("#charge[hx-get]");
const look = () => waits()?.dispatchEvent(new Event("look"));
const OFTEN = 700; // milliseconds
const SELDOM = 5000;
let pause = OFTEN;
const charge = waits();
if (charge) {
  const again = () => setTimeout(() => { if (!waits()) return; look(); again(); }, pause);
  again();
  const events = charge.dataset.events && new EventSource(charge.dataset.events, { withCredentials: true });
  if (events) {
    events.onopen = () => { pause = SELDOM; };
    events.onerror = () => { pause = OFTEN; };
    for (const news of ["paid", "held", "cancelled", "look"]) events.addEventListener(news, look);
    addEventListener("pagehide", () => events.close());
    // The cookie by which it listens is good for longer than any QR.
    events.addEventListener("sign_in", () => events.close());
  }
  document.body.addEventListener("htmx:afterSwap", tellPaid);
}
tellPaid();

// The settings of this browser; what is switched on is heard at once.
for (const row of document.querySelectorAll("[data-heard]")) {
  const box = row.querySelector("input"), what = row.dataset.heard;
  row.hidden = false;
  box.checked = wanted(what);
  box.addEventListener("change", () => {
    if (!box.checked) return localStorage.setItem(`no ${what}`, "yes");
    localStorage.removeItem(`no ${what}`);
    if (what === "speech") speak(row.dataset.words);
    else try { chime(); } catch { /* this browser has no sound */ }
  });
}
