/** The English of a user's own page. */
export declare const account: {
  password: {
    title: string;
    lead: string;
    current: string;
    submit: string;
    done: string;
  };
  tokens: {
    title: string;
    lead: string;
    docs: string;
    label: string;
    labelHint: string;
    add: string;
    once: string;
    empty: string;
    remove: string;
    removeAsk: string;
    removeDetail: string;
  };
};
