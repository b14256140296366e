/** The English of a user's own page. */
export const account = {
  password: {
    title: 'Password',
    lead: 'A new password signs you out everywhere else, and ends the tokens of your programs.',
    current: 'Current password',
    submit: 'Change the password',
    done: 'The password is changed',
  },
  tokens: {
    title: 'Tokens for programs',
    lead: 'A program that holds a token may do what you may do, until the token is taken away.',
    docs: 'How programs speak with the hub',
    label: 'For which program',
    labelHint: 'So that you know it later: business system, wall display …',
    add: 'Make a token',
    once: 'Copy it now: it is shown only this once.',
    empty: 'No program has a token of yours.',
    remove: 'Take away',
    removeAsk: 'Take the token “{{label}}” away?',
    removeDetail: 'The program is refused from its next request on.',
  },
};
//# sourceMappingURL=account.js.map
