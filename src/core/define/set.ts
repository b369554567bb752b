/**
 * What Node-RED's palette manager switches on and off together: pushes to phones and desktops, what teams work with,
 * chats, QQ, mail, the web, the flow.
 */
export type NodeSet = 'push' | 'work' | 'chat' | 'qq' | 'mail' | 'web' | 'flow';
