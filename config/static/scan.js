// The camera: reads a QR by the browser's own reader, or by one that is fetched only where there is none.

const camera = document.getElementById("camera");
const view = document.getElementById("view");
const seeing = camera.querySelector(".seeing");
const opener = document.getElementById("start-camera");
const LOOK_EVERY = 150; // milliseconds; a cheap phone needs a third of that for one look

const script = (address) => new Promise((done, failed) => {
  const element = document.createElement("script");
  element.src = address;
  element.onload = done;
  element.onerror = failed;
  document.head.append(element);
});

const ownReader = async () => {
  if (!("BarcodeDetector" in window)) return null;
  const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!known.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async () => (await detector.detect(view)).map((code) => code.rawValue);
};

const fetchedReader = async () => {
  if (!camera.dataset.script) return null;
  await script(camera.dataset.script);
  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => camera.dataset.program } });
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, 800 / view.videoWidth);
    canvas.width = view.videoWidth * scale;
    canvas.height = view.videoHeight * scale;
    paper.drawImage(view, 0, 0, canvas.width, canvas.height);
    const picture = paper.getImageData(0, 0, canvas.width, canvas.height);
    return (await ZXingWASM.readBarcodes(picture, { formats: ["QRCode"] })).map((code) => code.text);
  };
};

// What is secret goes into a field and not into an address.
const fill = (field, found) => {
  field.value = found;
  camera.hidden = true;
  if ("sends" in camera.dataset) field.form.requestSubmit();
  else field.form.querySelector("input:not([type=hidden], #field-code)").focus();
};

const open = async () => {
  opener.hidden = true;
  camera.hidden = false;
  seeing.textContent = seeing.dataset.starting;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    view.srcObject = stream;
    await view.play();
    const read = (await ownReader()) || (await fetchedReader());
    if (!read) throw new Error("no reader");
    seeing.textContent = seeing.dataset.looking;
    const look = async () => {
      const [found] = view.videoWidth ? await read().catch(() => []) : [];
      if (!found) return setTimeout(look, LOOK_EVERY);
      stream.getTracks().forEach((track) => track.stop());
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(80);
      if (camera.dataset.fill) return fill(document.getElementById(camera.dataset.fill), found);
      location.assign(`${camera.dataset.to}?${new URLSearchParams({ qr: found })}`);
    };
    look();
  } catch {
    seeing.textContent = seeing.dataset.denied;
    view.hidden = true;
  }
};

if (navigator.mediaDevices?.getUserMedia) {
  opener.hidden = false;
  opener.querySelector("button").addEventListener("click", open);
  // Who has allowed it before need not ask for it again.
  navigator.permissions?.query({ name: "camera" }).then((answer) => answer.state === "granted" && open()).catch(() => {});
}

// A chosen photo is made small before it is sent: a bad network takes a hundredth of the bytes.
const chooser = document.getElementById("field-photo");
chooser?.addEventListener("change", async () => {
  const [photo] = chooser.files;
  if (!photo) return;
  if (photo.size > 400000) try {
    const bitmap = await createImageBitmap(photo);
    const scale = Math.min(1, 1400 / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width * scale;
    canvas.height = bitmap.height * scale;
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const files = new DataTransfer();
    files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    chooser.files = files.files;
  } catch { /* sent as it is */ }
  chooser.form.requestSubmit();
});
