// A device that others use forgets whoever walked away: after three minutes without a touch it asks, and after twenty seconds more it
// goes back to the start.

export const patience = 180_000;
export const warning = 20_000;

/** What tells the time. */
export interface Clock {
  now(): number;
  /** Does something every so many milliseconds, until what it returns is called. */
  every(pause: number, work: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  every: (pause, work) => {
    const timer = setInterval(work, pause);
    return () => clearInterval(timer);
  },
};

export class Idle {
  readonly #clock: Clock;
  readonly #warn: (seconds: number) => void;
  readonly #leave: () => void;
  #stop: (() => void) | undefined;
  #touched = 0;

  /** Warn is told how many seconds are left, each second; leave is called once they are over. */
  constructor(warn: (seconds: number) => void, leave: () => void, clock = realClock) {
    this.#warn = warn;
    this.#leave = leave;
    this.#clock = clock;
  }

  /** Waits from now on. */
  start(): void {
    this.#touched = this.#clock.now();
    this.#stop ??= this.#clock.every(1000, () => this.#look());
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Somebody is there. Once it has warned, that has to be said by start. */
  touch(): void {
    if (this.#clock.now() - this.#touched < patience) this.#touched = this.#clock.now();
  }

  #look(): void {
    const left = this.#touched + patience + warning - this.#clock.now();
    if (left <= 0) {
      this.stop();
      this.#leave();
    } else if (left <= warning) {
      this.#warn(Math.ceil(left / 1000));
    }
  }
}
