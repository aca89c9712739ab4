// What is typed is kept at once, and what stands beside it is made anew. Without this script the same
// is done by the button «Giữ và xem lại bên cạnh».
"use strict";
(() => {
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  const touched = new Set();
  let timer = 0, running = false, again = false, held = null;

  const refresh = () => {
    for (const shown of document.querySelectorAll("[data-preview]")) {
      const address = new URL(shown.src);
      address.searchParams.set("v", String(Date.now()));
      if (shown.tagName === "IMG") shown.src = address;
      // A frame that is given a new address by its window leaves no entry for the browser's back.
      else shown.contentWindow.location.replace(address);
    }
  };

  const tell = (faults) => {
    for (const list of form.querySelectorAll("[data-faults]")) {
      const name = list.dataset.faults;
      const sentences = faults[name] || [];
      // What nobody has come to yet is no fault.
      if (!sentences.length || touched.has(name) || !list.hidden) {
        list.replaceChildren(...sentences.map((sentence) => {
          const item = document.createElement("li");
          item.textContent = sentence;
          return item;
        }));
        list.hidden = !sentences.length;
      }
    }
  };

  // What adds or takes away a row is done once, by a button.
  const once = (name) => /\.(?:remove|drop\.\d+)$/.test(name) || name === "da-go"
    || form.elements[name]?.dataset?.once !== undefined;

  const keep = async () => {
    if (running) { again = true; return; }
    running = true;
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      // What is pasted becomes rows when it is handed over, once.
      if (typeof value === "string" && !once(name)) typed.append(name, value);
    }
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, headers: { "X-Live": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      tell((await answer.json()).faults);
      said.textContent = form.dataset.kept;
      refresh();
    } catch {
      said.textContent = form.dataset.lost;
    }
    running = false;
    if (held) { const submitter = held.submitter; held = null; form.requestSubmit(submitter); }
    else if (again) { again = false; keep(); }
  };

  // What was sent as it was typed must not be stored after what is handed over by a button.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!running || !form.requestSubmit) return;
    event.preventDefault();
    held = event;
  });

  // The poster and form of the row that is being written.
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!row || !document.querySelector('img[data-preview], iframe[name="xem-thu"]')) return;
    for (const shown of document.querySelectorAll("[data-preview]")) {
      const address = new URL(shown.src);
      if (address.searchParams.get("so") === row.dataset.row) continue;
      address.searchParams.set("so", row.dataset.row);
      shown.src = address;
    }
  });

  form.addEventListener("input", (event) => {
    if (once(event.target.name)) return;
    touched.add(event.target.name.replace(/\.reads_\w+$/, ".reads"));
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  });
})();
