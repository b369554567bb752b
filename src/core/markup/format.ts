export type Format = 'markdown' | 'text' | 'html';
