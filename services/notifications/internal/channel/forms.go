package channel

import (
	"encoding/json"
	"fmt"
	"strings"
)

// object is a piece of JSON.
type object map[string]any

// body writes a note as a chat wants it.
func (n note) body(kind Kind) ([]byte, error) {
	form := n.slack()
	if kind == Teams {
		form = n.teams()
	}
	body, err := json.Marshal(form)
	if err != nil {
		return nil, fmt.Errorf("writing a note for %s: %w", kind, err)
	}
	return body, nil
}

// longestHeader is what Slack takes as a header.
const longestHeader = 150

// slack is a message of Slack's Block Kit. The title is plain text in its block, so that nothing in it is markup; the text beside the
// blocks is what notifications show. A button would need an application that answers; a link does not.
func (n note) slack() object {
	header := []rune(n.Title)
	blocks := []object{
		{"type": "header", "text": object{"type": "plain_text", "text": string(header[:min(len(header), longestHeader)])}},
		{"type": "section", "text": object{"type": "plain_text", "text": n.Text}},
	}
	if n.Home != "" {
		blocks = append(blocks, object{"type": "section", "text": object{"type": "mrkdwn", "text": "<" + n.Home + "|" + slackPlain.Replace(n.Open) + ">"}})
	}
	return object{"text": slackPlain.Replace(n.Title), "blocks": blocks}
}

// slackPlain takes its meaning from what Slack would read as markup.
var slackPlain = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// teams is an Adaptive Card for a Workflows webhook. Its texts are runs, which know no markup.
func (n note) teams() object {
	run := func(text string, more object) object {
		more["type"], more["text"] = "TextRun", text
		return object{"type": "RichTextBlock", "inlines": []object{more}}
	}
	card := object{
		"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
		"body":         []object{run(n.Title, object{"size": "Large", "weight": "Bolder"}), run(n.Text, object{})},
		"fallbackText": n.Title,
	}
	if n.Home != "" {
		card["actions"] = []object{{"type": "Action.OpenUrl", "title": n.Open, "url": n.Home}}
	}
	return object{
		"type": "message",
		"attachments": []object{
			{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card},
		},
	}
}
