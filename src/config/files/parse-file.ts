import type { Issue } from '../../model/issue.ts';
import { configIssueCodes } from '../issue-codes.ts';
import type { ReadText } from '../yaml/read-text.ts';
import { type DocumentText, splitDocuments } from '../yaml/split-documents.ts';
import { decodeFile } from './decode-file.ts';
import { type ParsedDocument, type ParseObject, parseDocument } from './parse-document.ts';

/** A document at its place in the file. */
export interface PlacedDocument extends ParsedDocument {
  /** Line of the file on which the document's text begins. */
  readonly line: number;
}

export interface ParsedFile {
  readonly documents: readonly PlacedDocument[];
  /** About the file as a whole, without a position. */
  readonly issues: readonly Issue[];
  /** Something of the file could not be read: what it held before and is not found now stays. */
  readonly isBroken: boolean;
}

export interface FileParser {
  readonly parseObject: ParseObject;
  read(text: string): ReadText | Promise<ReadText>;
  /** Lets other work run when much time has passed since it last did. */
  breathe(): void | Promise<void>;
}

const maxDocuments = 20_000;

/** Parses a file document by document; a document whose text is known from `before` is not parsed again. */
export async function parseFile(bytes: Buffer, parser: FileParser, before: ParsedFile | undefined): Promise<ParsedFile> {
  const { text, badLines } = decodeFile(bytes);
  const known = new Map(before?.documents.map((document) => [document.text, document]));
  const documents: PlacedDocument[] = [];
  for (const part of splitDocuments(text)) {
    if (documents.length >= maxDocuments) return { documents, issues: [tooMany()], isBroken: true };
    const bad = badLines.size > 0 ? encodingFault(part, badLines) : undefined;
    const same = bad ? undefined : known.get(part.text);
    documents.push({ ...(bad ?? same ?? (await parsePart(part.text, parser))), line: part.line });
    await parser.breathe();
  }
  return { documents, issues: documents.length > 0 ? [] : [empty], isBroken: documents.some((document) => document.isBroken) };
}

async function parsePart(text: string, parser: FileParser): Promise<ParsedDocument> {
  return parseDocument(text, await parser.read(text), parser.parseObject);
}

/** The document as broken where one of its lines is not UTF-8. */
function encodingFault({ text, line }: DocumentText, badLines: ReadonlyMap<number, number>): ParsedDocument | undefined {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  for (const [bad, column] of badLines) {
    if (bad < line || bad >= line + lines) continue;
    const position = { file: '', line: bad - line + 1, column };
    const issue: Issue = { code: configIssueCodes.encoding, severity: 'error', message: 'the text is not valid UTF-8', position };
    return { text, isPlain: false, objects: [], issues: [issue], isBroken: true };
  }
  return undefined;
}

const empty: Issue = { code: configIssueCodes.emptyFile, severity: 'info', message: 'the file holds no document' };

function tooMany(): Issue {
  const message = `the file has more than ${maxDocuments} documents; the rest is not read`;
  return { code: configIssueCodes.tooLarge, severity: 'error', message };
}
