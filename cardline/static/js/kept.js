// A value kept in this tab alone: it outlives a reload and a sign-in, and ends with the tab.
export class Kept {
  constructor(name) {
    this.name = name;
  }

  all(nothing) {
    return JSON.parse(sessionStorage.getItem(this.name) ?? "null") ?? nothing;
  }

  set(value) {
    sessionStorage.setItem(this.name, JSON.stringify(value));
  }

  forget() {
    sessionStorage.removeItem(this.name);
  }
}
