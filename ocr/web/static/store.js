/** What the browser keeps of the files on the shelf, in IndexedDB: nothing of it leaves this computer. */

const NAME = "letters";
const VERSION = 2;
const STORES = ["files", "sights", "pages"];

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const name of request.result.objectStoreNames) request.result.deleteObjectStore(name);
      for (const name of STORES) request.result.createObjectStore(name);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("The store of this page is in use by an older one."));
  });
  return opened;
}

/** All values of a store whose keys begin in a way, as a map. */
export async function allOf(name, start = "") {
  const store = (await database()).transaction(name).objectStore(name);
  const range = IDBKeyRange.bound(start, `${start}\uffff`);
  const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
  return new Map(keys.map((key, k) => [key, values[k]]));
}

/**
 * Put and remove values, all of them or none. It is done even if the page is left meanwhile.
 * @param puts [{store, key, value}]
 * @param removes [{store, key}], or {store, start} for all whose keys begin so
 */
export async function write(puts, removes = []) {
  const transaction = (await database()).transaction(STORES, "readwrite");
  for (const { store, key, value } of puts) transaction.objectStore(store).put(value, key);
  for (const { store, key, start } of removes) {
    transaction.objectStore(store).delete(start === undefined ? key : IDBKeyRange.bound(start, `${start}\uffff`));
  }
  transaction.commit();
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
