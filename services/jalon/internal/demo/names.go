package demo

// The words that the sample company is made of. Nobody here exists.

var givenNames = []string{
	"Adèle", "Adrien", "Agathe", "Alban", "Amandine", "Amine", "Anaëlle", "Anatole", "Angèle", "Anouk", "Antonin", "Apolline",
	"Armand", "Assia", "Audrey", "Augustin", "Aymeric", "Basile", "Bérénice", "Bilal", "Blanche", "Capucine", "Cédric", "Célestin",
	"Chloé", "Claire", "Côme", "Coralie", "Damien", "Daphné", "Diane", "Edgar", "Élodie", "Éloïse", "Émile", "Estelle",
	"Étienne", "Fanny", "Fatou", "Félix", "Flavie", "Flora", "Gabin", "Garance", "Gaspard", "Gaultier", "Geneviève", "Goran",
	"Hélène", "Héloïse", "Hervé", "Ibrahim", "Inès", "Iris", "Ismaël", "Jade", "Joachim", "Joséphine", "Judith", "Justine",
	"Karim", "Kenza", "Laurine", "Lazare", "Leïla", "Léopold", "Lilian", "Loïc", "Louison", "Ludivine", "Maëlle", "Malik",
	"Marceau", "Maude", "Maxence", "Mehdi", "Mélina", "Mona", "Myriam", "Nadia", "Naïm", "Noémie", "Octave", "Odile",
	"Olivia", "Oscar", "Perrine", "Prune", "Quentin", "Rachel", "Rayan", "Rémi", "Romane", "Rosalie", "Sacha", "Salomé",
	"Samir", "Sibylle", "Sidonie", "Solène", "Sofiane", "Suzanne", "Sylvain", "Tancrède", "Théa", "Tiphaine", "Ulysse", "Valentine",
	"Victoire", "Violette", "William", "Yaëlle", "Yann", "Yasmine", "Zélie", "Zoé",
}

var familyNames = []string{
	"Abadie", "Allard", "Amrani", "Arnaud", "Aubry", "Azoulay", "Barre", "Baudoin", "Bellanger", "Benali", "Bérard", "Besnard",
	"Blondel", "Boisson", "Bonneau", "Bouchet", "Brunet", "Cadet", "Caron", "Castel", "Chauvin", "Chevalier", "Cissé", "Colas",
	"Cordier", "Costa", "Coulon", "Da Silva", "Delattre", "Delorme", "Deschamps", "Diallo", "Didier", "Dubreuil", "Ducros", "Duval",
	"Estève", "Fabre", "Faivre", "Ferrand", "Fleury", "Fournel", "Gauthier", "Germain", "Gilbert", "Gomes", "Granger", "Guérin",
	"Guichard", "Haddad", "Hébert", "Huet", "Imbert", "Jacquet", "Joubert", "Kaya", "Klein", "Konaté", "Labbé", "Lacroix",
	"Lambert", "Langlois", "Laurent-Roy", "Le Bihan", "Le Gall", "Leclerc", "Lefort", "Legrand", "Lemaître", "Lopes", "Maillard", "Mallet",
	"Marchand", "Masson", "Mercier", "Michaud", "Monnier", "Moulin", "N'Guyen", "Navarro", "Nicolas", "Olivier", "Ortega", "Pascal",
	"Pelletier", "Perrot", "Philippe", "Pichon", "Poirier", "Prévost", "Rey", "Ribeiro", "Rivière", "Rolland", "Roussel", "Sabatier",
	"Salmon", "Sanchez", "Schmitt", "Simonet", "Tanguy", "Tessier", "Thibault", "Tissot", "Toussaint", "Traoré", "Vallet", "Vasseur",
	"Verdier", "Vernet", "Vigneron", "Voisin", "Weber", "Yilmaz", "Zimmermann",
}

var cities = []string{
	"Aix-les-Bains", "Albertville", "Annecy", "Annemasse", "Aubenas", "Bourg-en-Bresse", "Bourgoin-Jallieu", "Chambéry", "Cluses",
	"Crest", "Grenoble", "Issoire", "Le Puy-en-Velay", "Lyon Part-Dieu", "Mâcon", "Montbrison", "Montélimar", "Oyonnax", "Roanne",
	"Romans-sur-Isère", "Saint-Étienne", "Thonon-les-Bains", "Valence", "Vienne", "Voiron",
}

// department is a team that every store has, with the jobs people have there.
type department struct {
	name string
	jobs []string
}

var teams = []department{
	{"Montagne", []string{"Vendeur montagne", "Vendeuse montagne", "Technicienne ski"}},
	{"Cycles", []string{"Vendeur cycles", "Vendeuse cycles", "Mécanicien cycles"}},
	{"Eau & glisse", []string{"Vendeur glisse", "Vendeuse glisse"}},
	{"Textile", []string{"Vendeur textile", "Vendeuse textile", "Visuel marchand"}},
	{"Accueil", []string{"Hôte d'accueil", "Hôtesse de caisse"}},
	{"Réserve", []string{"Logisticien", "Logisticienne", "Préparatrice de commandes"}},
}
