import { type Me, type Scores, scores as scoresBody, scoresBy } from '@manyi/config/api';
import { clerkId, id } from '@manyi/config/ids';
import { profiles } from '@manyi/config/profiles';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../errors.ts';
import { maySee, signedIn } from '../http/auth.ts';
import { acceptedFormat, type Cell, sendTable, type Table } from '../services/table.ts';
import type { Scoreboard, ScoreQuestion } from './board.ts';
import type { ScoredSite } from './scores.ts';
import { momentText, readMoment } from './window.ts';

const scoreQuery = z.object({
  by: scoresBy.default('clerk'),
  from: momentText.optional(),
  to: momentText.optional(),
  site: id.optional(),
  clerk: clerkId.optional(),
});
type ScoreQuery = z.infer<typeof scoreQuery>;

const description = `Counts and rates of a window, today when it is not said: \`from\` is included, \`to\` excluded; dates begin
when they begin at each site. The answer is by the profile of the sites in question (of most, where they differ) and holds what
was rated by it. Unprompted ratings stand apart, outside every rate. \`shrunkRate\` is drawn towards the mean of the row's site by
20 prior ratings; clerks, counters and sites with 10 ratings or more are ranked by it. With a \`site\`, its serving clerks and its
counters have a row even when nothing was counted. The key of a counter is its id, or \`site/counter\` when several sites are in
question; of an hour its beginning; of a day its date. Also as CSV or XLSX (by \`Accept\`).`;

/** `GET /scores`. */
export const scoreRoutes: FastifyPluginAsyncZod<{ scoreboard: Scoreboard }> = async (app, { scoreboard }) => {
  app.get(
    '/scores',
    {
      schema: {
        summary: 'Scores by clerk, counter, site, hour or day',
        description,
        tags: ['scores'],
        querystring: scoreQuery,
        response: { 200: scoresBody },
      },
    },
    async (request, reply) => {
      const question = readQuestion(request.query, signedIn(request), scoreboard.sites());
      const answer = scoreboard.scores(question);
      const format = acceptedFormat(request.headers.accept);
      return format === 'json' ? sendJson(reply, answer) : sendTable(reply, format, tableOf(answer, question));
    },
  );
};

/**
 * Sends the answer as it is: the scoreboard makes it as the schema says, and checking thousands of rows again would take longer than
 * counting them. As bytes, because a long text with Chinese names would be encoded twice: for its length, and to be sent.
 */
function sendJson(reply: FastifyReply, answer: Scores): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(Buffer.from(JSON.stringify(answer)));
}

function readQuestion(query: ScoreQuery, user: Me, sites: readonly ScoredSite[]): ScoreQuestion {
  const seen = sites.filter((site) => maySee(user, site.id) && (query.site === undefined || site.id === query.site));
  if (query.site !== undefined && seen.length === 0) throw notFound('site');
  const { by, site, clerk = null } = query;
  const from = query.from === undefined ? null : readMoment('from', query.from);
  const to = query.to === undefined ? null : readMoment('to', query.to);
  const everybody = by === 'site' || (site !== undefined && (by === 'clerk' || (by === 'counter' && clerk === null)));
  return { by, from, to, sites: seen, clerk, everybody };
}

/** A score as a table: one line a row, its levels in the order of the profile. */
function tableOf(answer: Scores, { by }: ScoreQuestion): Table {
  const { levels } = profiles[answer.profile];
  const figures = [
    'rated',
    'services',
    'unprompted',
    'satisfactionRate',
    'dissatisfactionRate',
    'participationRate',
  ] as const;
  const further = ['participationSource', 'satisfactionIndex', 'shrunkRate', 'notInvitedRate', 'rank'] as const;
  const rows = answer.items.map((row): Cell[] => [
    row.key,
    row.name,
    ...levels.map((level) => row.counts[level.name] ?? 0),
    ...figures.map((name) => row[name]),
    ...(row.interval ?? [null, null]),
    ...further.map((name) => row[name]),
  ]);
  const heads = [
    by,
    'name',
    ...levels.map((level) => level.name),
    ...figures,
    'intervalFrom',
    'intervalTo',
    ...further,
  ];
  return { name: `scores-by-${by}`, heads, rows, words: true };
}
