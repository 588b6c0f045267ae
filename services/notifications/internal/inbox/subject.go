package inbox

// Subject is the line by which HR announces a message, in both languages.
type Subject struct {
	FR string `bson:"fr"`
	EN string `bson:"en"`
}
