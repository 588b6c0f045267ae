// The few words of <jalon-prompt> that do not come with the prompts.

const french = {
  lang: "fr",
  region: "Jalon : questions pour vous",
  heading: (count: number) => (count > 1 ? `${count} questions pour vous` : "Une question pour vous"),
  answer: "Répondre",
  later: "Plus tard",
  more: (count: number) => (count > 1 ? `Voir les ${count} autres` : "Voir l’autre"),
  newTab: "(nouvel onglet)",
  arrived: (title: string) => `Une question vous attend : ${title}`,
  reminded: (title: string) => `Rappel, une question vous attend : ${title}`,
};

const english: typeof french = {
  lang: "en",
  region: "Jalon: questions for you",
  heading: (count) => (count > 1 ? `${count} questions for you` : "A question for you"),
  answer: "Answer",
  later: "Later",
  more: (count) => (count > 1 ? `See the ${count} others` : "See the other"),
  newTab: "(new tab)",
  arrived: (title) => `A question awaits you: ${title}`,
  reminded: (title) => `Reminder, a question awaits you: ${title}`,
};

/** wordsOf a page's language; French for those that Jalon does not speak. */
export function wordsOf(lang: string): typeof french {
  return lang.toLowerCase().startsWith("en") ? english : french;
}
