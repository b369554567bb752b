/** What whoever sends to PushPlus and whoever is taken for it have in common. */

/** How a content may be laid out; of `json` and those behind it the content is data. */
export const templates = ['html', 'txt', 'json', 'markdown', 'cloudMonitor', 'jenkins', 'route', 'pay'] as const;

/** Codes in an answer, whose status is 200 whatever it says. */
export const codes = { accepted: 200, tooOften: 900, wrongToken: 903, notVerified: 905 } as const;
