package mail

// countedIn is what a mail says that carries an image, in the place of what others promise.
var countedIn = map[string]string{
	"fr": "Une image compte combien de fois ce message est affiché. Elle est la même pour tous : personne ne peut savoir si vous l'avez ouvert.",
	"en": "An image counts how often this message is displayed. It is the same for everybody: nobody can tell whether you opened it.",
}
