// A company's OpenID provider for the browser's test: a certified implementation with its own pages for signing in, on a port of
// its own. It prints its address, and ends with its standard input.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [clientID, clientSecret, jalon] = process.argv.slice(2);
const server = createServer();
server.listen(0, "127.0.0.1", () => {
	const issuer = `http://127.0.0.1:${server.address().port}`;
	const provider = new Provider(issuer, {
		clients: [{
			client_id: clientID, client_secret: clientSecret,
			redirect_uris: [`${jalon}/signin/company/return`], post_logout_redirect_uris: [`${jalon}/signin`],
		}],
		claims: { openid: ["sub"], email: ["email", "email_verified"] },
		conformIdTokenClaims: false, // as most companies' do, the identity token tells the address
		cookies: { keys: ["of no worth"] },
		// Whoever types an address is believed to be its owner.
		findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: true }) }),
		pkce: { required: () => true },
	});
	server.on("request", provider.callback());
	console.log(issuer);
});
process.stdin.resume().on("end", () => process.exit());
