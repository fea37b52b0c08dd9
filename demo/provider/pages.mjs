// The login server's pages: plain forms, no script, no outside resource.

/** @param {unknown} text */
const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} title @param {string} content */
const page = (title, content) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<p class="brand">Example account</p>
${content}
</main>
</body>
</html>
`;

/** @param {string} uid */
const cancel = (uid) => `<form method="post" action="/interaction/${escape(uid)}/cancel"><button class="quiet">Cancel</button></form>`;

/** @param {import("./people.mjs").Person} person */
const choice = ({ email, given_name, family_name }) => `<li><button name="person" value="${escape(email)}">
<span class="face" aria-hidden="true">${escape(given_name[0])}</span>
<span><b>${escape(given_name)} ${escape(family_name)}</b><br>${escape(email)}</span>
</button></li>`;

/** @param {string} uid @param {import("./people.mjs").Person[]} people */
export const loginPage = (uid, people) => page("Sign in", `<h1>Who is signing in?</h1>
<p>This is the customer’s own sign-in page. Any of these will do; there is no password.</p>
<form method="post" action="/interaction/${escape(uid)}/login">
<ul>
${people.map(choice).join("\n")}
</ul>
</form>
${cancel(uid)}`);

/** @param {string} uid @param {import("./people.mjs").Person} person */
export const consentPage = (uid, { given_name, email }) => page("Allow access", `<h1>Share your details, ${escape(given_name)}?</h1>
<p><b>Handstamp campaigns</b> would like to fill in a form for <b>${escape(email)}</b> with your</p>
<ul class="claims"><li>name</li><li>e-mail address</li><li>city and date of birth</li></ul>
<form method="post" action="/interaction/${escape(uid)}/allow"><button class="primary" autofocus>Allow</button></form>
${cancel(uid)}`);

/** @param {string} error @param {string | undefined} description */
export const errorPage = (error, description) => page("This did not work", `<h1>This did not work</h1>
<p>${escape(description ?? "Please go back and try again.")}</p>
<p class="code">${escape(error)}</p>`);
