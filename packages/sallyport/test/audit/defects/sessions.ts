/** Broken servers that are careless with sessions. */
import { answers, type Defect, edit, isBare } from '../defect.ts';

export const sessionsDefects: readonly Defect[] = [
  ...['accepts a session in place of a token', 'does not bind sessions'].map(
    (name, index): Defect => {
      const owners = new Map<string, string>();
      return {
        name,
        found:
          index === 0
            ? ['sessions-07', 'sessions-08']
            : ['sessions-09', 'sessions-10', 'sessions-11'],
        break(attacked) {
          const [authorization] = attacked.values('authorization');
          attacked.onAnswer((head) => {
            const session = head.fields['mcp-session-id'];
            if (session !== undefined && authorization !== undefined && !owners.has(session))
              owners.set(session, authorization);
            return undefined;
          });
          const owner = owners.get(attacked.values('mcp-session-id')[0] ?? '');
          if (owner !== undefined && (index === 1 || isBare(attacked)))
            attacked.set('authorization', owner);
        },
      };
    },
  ),
  answers('counts its sessions', ['sessions-13'], (head) =>
    head.fields['mcp-session-id'] === undefined
      ? undefined
      : edit(head, 'mcp-session-id', () => `${Math.random()}`.slice(2, 8)),
  ),
];
