import type { Issue } from '../../model/issue.ts';
import { configIssueCodes } from '../issue-codes.ts';
import { maxDocumentLength } from '../yaml/read-text.ts';
import { splitDocuments } from '../yaml/split-documents.ts';
import type { ReadText } from '../yaml/text-fault.ts';
import { placeOf } from '../yaml/text-fault.ts';
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
  /** Undefined where a document needs more time than there is now. */
  read(text: string): ReadText | undefined | Promise<ReadText>;
  /** Lets other work run when much time has passed since it last did. */
  breathe(): void | Promise<void>;
}

const maxDocuments = 20_000;

/**
 * Parses a file document by document; a document whose text is known from `before` is not parsed again. Undefined as soon
 * as the parser has no time for one of them.
 */
export async function parseFile(bytes: Buffer, parser: FileParser, before: ParsedFile | undefined): Promise<ParsedFile | undefined> {
  const { text, isValid } = decodeFile(bytes);
  const known = new Map(before?.documents.map((document) => [document.text, document]));
  const documents: PlacedDocument[] = [];
  for (const part of splitDocuments(text, maxDocumentLength)) {
    await parser.breathe();
    if (!part) continue;
    if (documents.length >= maxDocuments) return { documents, issues: [tooMany()], isBroken: true };
    const parsed =
      known.get(part.text) ?? (!isValid && part.text.includes('\ufffd') ? notUtf8(part.text) : await parsePart(part.text, parser));
    if (!parsed) return undefined;
    documents.push({ ...parsed, line: part.line });
  }
  return { documents, issues: documents.length > 0 ? [] : [empty], isBroken: documents.some((document) => document.isBroken) };
}

async function parsePart(text: string, parser: FileParser): Promise<ParsedDocument | undefined> {
  const read = await parser.read(text);
  return read && parseDocument(text, read, parser.parseObject);
}

function notUtf8(text: string): ParsedDocument {
  const position = { file: '', ...placeOf(text, text.indexOf('\ufffd')) };
  const issue: Issue = { code: configIssueCodes.encoding, severity: 'error', message: 'the text is not valid UTF-8', position };
  return { text, isPlain: false, objects: [], issues: [issue], isBroken: true };
}

const empty: Issue = { code: configIssueCodes.emptyFile, severity: 'info', message: 'the file holds no document' };

function tooMany(): Issue {
  const message = `the file has more than ${maxDocuments} documents; the rest is not read`;
  return { code: configIssueCodes.tooLarge, severity: 'error', message };
}
