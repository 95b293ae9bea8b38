/**
 * A peer: `node duckdb.mjs FILE stateless|state THREADS`. Stateless counts lines with a wrong pattern value; state also
 * compares each step with the one before it of the same sender, in the order of the file.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [path, kind, threads] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const columns =
  "{senderId: 'VARCHAR', globalStep: 'BIGINT', patternValue: 'DOUBLE', data: 'JSON', timestamp: 'DOUBLE'}";
const source = `read_json('${path.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${columns})`;
const wrong =
  'patternValue <> CASE WHEN globalStep % 100 = 0 THEN 7 ELSE [7, 4, 1][1 + (globalStep % 100) % 3] END';
const query =
  kind === 'stateless'
    ? `SELECT count(*) AS lines, count(*) FILTER (WHERE ${wrong}) AS found FROM ${source}`
    : `SELECT count(*) AS lines, count(*) FILTER (WHERE ${wrong} OR globalStep <= before) AS found FROM
       (SELECT *, lag(globalStep) OVER (PARTITION BY senderId) AS before FROM ${source})`;
const [row] = (await connection.runAndReadAll(query)).getRowObjects();
process.stdout.write(`${row.lines} lines, ${row.found} findings\n`);
