/** The Chinese of a user's own page. */
export const account = {
  password: {
    title: '密码',
    lead: '修改密码后，其他地方的登录全部退出，您的程序令牌也随之失效。',
    current: '当前密码',
    submit: '修改密码',
    done: '密码已修改',
  },
  tokens: {
    title: '程序令牌',
    lead: '持有令牌的程序可以做您能做的事，直到令牌被收回。',
    docs: '程序如何与中心对接',
    label: '用于哪个程序',
    labelHint: '便于日后辨认，如：业务系统、大屏。',
    add: '生成令牌',
    once: '请立即复制：令牌只显示这一次。',
    empty: '还没有程序使用您的令牌。',
    remove: '收回',
    removeAsk: '收回令牌“{{label}}”？',
    removeDetail: '该程序从下一次请求起被拒绝。',
  },
};
