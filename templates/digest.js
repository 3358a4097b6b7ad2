// SHA-256, because browsers have `crypto.subtle` only for pages from https, from this computer, or from a
// file, and not for a page that comes over plain HTTP from a server of the house.
"use strict";

/**
 * The SHA-256 digest of a text in UTF-8, as 64 hexadecimal digits (FIPS 180-4).
 *
 * GEO.sha256("abc").slice(0, 8) is "ba7816bf".
 */
GEO.sha256 = (() => {
  const isPrime = (number) => {
    for (let divisor = 2; divisor * divisor <= number; divisor += 1) {
      if (number % divisor === 0) return false;
    }
    return true;
  };
  const primes = [];
  for (let number = 2; primes.length < 64; number += 1) if (isPrime(number)) primes.push(number);

  // The first 32 bits of the fraction of a root (sections 4.2.2 and 5.3.3).
  const fraction = (root) => Math.floor((root % 1) * 2 ** 32);
  const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
  const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  // The message, one bit, zeros, and the number of its bits in 64 bits, in whole blocks of 64 bytes.
  const padded = (text) => {
    const bytes = new TextEncoder().encode(text);
    const all = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
    new Uint8Array(all.buffer).set(bytes);
    all.setUint8(bytes.length, 0x80);
    all.setBigUint64(all.byteLength - 8, BigInt(bytes.length) * 8n);
    return all;
  };

  const scheduled = (message, block) => {
    const words = Array.from({ length: 16 }, (_, place) => message.getInt32(block + 4 * place));
    for (let place = 16; place < 64; place += 1) {
      const [early, late] = [words[place - 15], words[place - 2]];
      words.push((words[place - 16] + words[place - 7] +
        (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) +
        (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10))) | 0);
    }
    return words;
  };

  return (text) => {
    const message = padded(text);
    let state = start;
    for (let block = 0; block < message.byteLength; block += 64) {
      let [a, b, c, d, e, f, g, h] = state;
      scheduled(message, block).forEach((word, place) => {
        const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) +
          constants[place] + word) | 0;
        const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
          ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
      });
      const mixed = [a, b, c, d, e, f, g, h];
      state = state.map((word, place) => (word + mixed[place]) | 0);
    }
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };
})();
