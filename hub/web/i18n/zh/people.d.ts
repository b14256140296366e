/** The Chinese of the pages about people. */
export declare const people: {
  tabs: {
    clerks: string;
    badges: string;
    sites: string;
    users: string;
    import: string;
  };
  clerk: {
    add: string;
    edit: string;
    id: string;
    idHint: string;
    name: string;
    number: string;
    stars: string;
    noStars: string;
    photoHint: string;
    choosePhoto: string;
    photoUnreadable: string;
    active: string;
    inactive: string;
    badges: string;
    empty: string;
    emptyDetail: string;
    photoOf: string;
    removePhoto: string;
    removeAsk: string;
    removeDetail: string;
    kept: string;
  };
  badge: {
    add: string;
    code: string;
    codeHint: string;
    ending: string;
    clerk: string;
    remove: string;
    removeAsk: string;
    removeDetail: string;
    empty: string;
    emptyDetail: string;
    note: string;
  };
  site: {
    add: string;
    edit: string;
    id: string;
    name: string;
    timeZone: string;
    timeZoneHint: string;
    mode: string;
    modes: {
      called: string;
      continuous: string;
    };
    modeHelp: {
      called: string;
      continuous: string;
    };
    profile: string;
    empty: string;
    emptyDetail: string;
    removeAsk: string;
    removeDetail: string;
  };
  user: {
    add: string;
    edit: string;
    username: string;
    usernameHint: string;
    name: string;
    role: string;
    sites: string;
    allSites: string;
    sitesHint: string;
    password: string;
    newPassword: string;
    newPasswordHint: string;
    you: string;
    removeAsk: string;
    removeDetail: string;
    roleHelp: {
      administrator: string;
      supervisor: string;
    };
  };
  import: {
    lead: string;
    columns: string;
    choose: string;
    or: string;
    submit: string;
    added: string;
    changed: string;
    refused: string;
    line: string;
    reason: string;
    allTaken: string;
    empty: string;
    working: string;
    wrongCells: string;
  };
};
