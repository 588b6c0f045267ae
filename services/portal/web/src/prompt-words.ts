// The few words of <jalon-prompt> that do not come with the prompts.
import type { Prompt } from "./prompt-feed";

const french = {
  lang: "fr",
  region: "Jalon : pour vous",
  heading: (prompts: Prompt[]) =>
    prompts.some((prompt) => prompt.talks)
      ? prompts.length > 1 ? `${prompts.length} messages pour vous` : "Un rappel pour vous"
      : prompts.length > 1 ? `${prompts.length} questions pour vous` : "Une question pour vous",
  later: "Plus tard",
  more: (count: number) => (count > 1 ? `Voir les ${count} autres` : "Voir l’autre"),
  newTab: "(nouvel onglet)",
  arrived: (title: string) => `Une question vous attend : ${title}`,
  reminded: (title: string) => `Rappel, une question vous attend : ${title}`,
  noted: (title: string) => `Un rappel pour vous : ${title}`,
};

const english: typeof french = {
  lang: "en",
  region: "Jalon: for you",
  heading: (prompts) =>
    prompts.some((prompt) => prompt.talks)
      ? prompts.length > 1 ? `${prompts.length} messages for you` : "A reminder for you"
      : prompts.length > 1 ? `${prompts.length} questions for you` : "A question for you",
  later: "Later",
  more: (count) => (count > 1 ? `See the ${count} others` : "See the other"),
  newTab: "(new tab)",
  arrived: (title) => `A question awaits you: ${title}`,
  reminded: (title) => `Reminder, a question awaits you: ${title}`,
  noted: (title) => `A reminder for you: ${title}`,
};

/** wordsOf a page's language; French for those that Jalon does not speak. */
export function wordsOf(lang: string): typeof french {
  return lang.toLowerCase().startsWith("en") ? english : french;
}
