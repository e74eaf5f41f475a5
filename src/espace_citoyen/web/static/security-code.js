// « Je ne peux pas lire le code »: the browser computes for a second or two instead (ALTCHA, proof of work, version 2).
const box = document.querySelector("[data-computation]");
const [button, status] = [box.querySelector("button"), box.querySelector("[role=status]")];
const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const start = fromHex(nonce);
  const password = new Uint8Array(start.length + 4);
  password.set(start);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = toHex(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
    if (derived.startsWith(keyPrefix)) return { counter, derivedKey: derived };
  }
}

async function compute() {
  button.disabled = true;
  status.textContent = "Votre navigateur fait le calcul…";
  const challenge = JSON.parse(atob(box.dataset.computation));
  const proof = Object.assign(document.createElement("input"), { type: "hidden", name: "preuve_de_calcul" });
  proof.value = btoa(JSON.stringify({ challenge, solution: await solve(challenge.parameters) }));
  box.append(proof);
  const field = document.getElementById("code_de_securite");
  field.required = false;
  status.textContent = "C’est fait\u00a0: laissez le code vide et validez votre envoi.";
}

if (globalThis.crypto?.subtle) {
  box.hidden = false;
  button.addEventListener("click", compute);
}
