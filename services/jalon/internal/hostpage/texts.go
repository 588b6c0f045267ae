package hostpage

// texts are the page's words, by language and key.
var texts = map[string]map[string]string{ //nolint:gochecknoglobals // a catalogue, never changed
	"fr": {
		"title": "Intranet · Exemple Sport", "brand": "Exemple Sport", "intranet": "l’intranet", "nav": "Rubriques",
		"nav1": "Accueil", "nav2": "Mes congés", "nav3": "Mes plannings", "nav4": "Avantages", "nav5": "Annuaire",
		"other_lang": "English", "other_code": "en",
		"demo":   "Démonstration : une page d’un autre site, dans laquelle l’entreprise a mis une ligne, <jalon-prompt>.",
		"living": "La société d’exemple prend vie. Rechargez dans un instant.",
		"choose": "Vous êtes sur l’intranet en tant que…", "as": "Sur l’intranet : ", "leave": "Quitter",
		"jalon": "Ouvrir Jalon",
		"hello": "Bonjour",
		"news":  "À la une",
		"news1": "La saison de ski commence", "news1t": "Les ateliers d’entretien ouvrent samedi dans soixante magasins. Les plannings sont en ligne.",
		"news2": "Le vélo d’occasion, un an après", "news2t": "Onze mille vélos ont trouvé un second propriétaire. Merci aux ateliers de Nantes et de Rennes, qui ont ouvert la voie.",
		"news3": "Mutuelle : ce qui change en janvier", "news3t": "Deux réunions d’information sont prévues, à midi et à dix-huit heures.",
		"today": "Cette semaine", "today1": "Mardi : livraison de la gamme hiver", "today2": "Jeudi : exercice d’évacuation à 8 h 30", "today3": "Vendredi : petit déjeuner des nouveaux",
		"foot": "Exemple Sport est une entreprise inventée.",
	},
	"en": {
		"title": "Intranet · Exemple Sport", "brand": "Exemple Sport", "intranet": "the intranet", "nav": "Sections",
		"nav1": "Home", "nav2": "My leave", "nav3": "My rota", "nav4": "Benefits", "nav5": "Who’s who",
		"other_lang": "Français", "other_code": "fr",
		"demo":   "Demonstration: a page of another site, into which the company put one line, <jalon-prompt>.",
		"living": "The sample company is coming to life. Reload in a moment.",
		"choose": "You are on the intranet as…", "as": "On the intranet: ", "leave": "Leave",
		"jalon": "Open Jalon",
		"hello": "Hello",
		"news":  "News",
		"news1": "The ski season begins", "news1t": "Maintenance workshops open on Saturday in sixty stores. Rotas are online.",
		"news2": "Second-hand bikes, one year on", "news2t": "Eleven thousand bikes have found a second owner. Thanks to the workshops of Nantes and Rennes, which led the way.",
		"news3": "Health cover: what changes in January", "news3t": "Two information meetings are planned, at noon and at six.",
		"today": "This week", "today1": "Tuesday: the winter range is delivered", "today2": "Thursday: evacuation drill at 8.30", "today3": "Friday: breakfast for newcomers",
		"foot": "Exemple Sport is an invented company.",
	},
}
