// SPDX-License-Identifier: Apache-2.0
// Texts from data: a small part of Markdown as elements (never as HTML), text to copy, times, outside links.
import { useState, type ReactNode } from 'react';
import { useZone } from '../app/preferences';
import { formatAgo, formatTime, shortDigest } from '../i18n/format';
import { t } from '../i18n/t';

/** Only web addresses become links: texts come from advisories. */
export function OutsideLink({ url, children }: { url: string; children?: ReactNode }) {
  if (!/^https?:\/\//i.test(url)) return <>{children ?? url}</>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" className="outside">
      {children ?? url}<span className="visually-hidden"> {t('text.newTab')}</span>
    </a>
  );
}

const inlinePattern = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:[^)\s]+)\)|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g;

function inline(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(inlinePattern)) {
    parts.push(text.slice(end, match.index));
    const key = match.index;
    if (match[1]) parts.push(<code key={key}>{match[1]}</code>);
    else if (match[2]) parts.push(<strong key={key}>{match[2]}</strong>);
    else if (match[5]) parts.push(<em key={key}>{match[5]}</em>);
    else parts.push(<OutsideLink key={key} url={match[4]!}>{match[3]}</OutsideLink>);
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function Block({ text }: { text: string }) {
  const fence = /^```\w*\n([\s\S]*?)\n?```$/.exec(text);
  if (fence) return <CodeBlock text={fence[1]!} />;
  const lines = text.split('\n');
  if (lines.every((line) => /^[-*] /.test(line)))
    return <ul>{lines.map((line, index) => <li key={index}>{inline(line.slice(2))}</li>)}</ul>;
  return <p>{inline(text)}</p>;
}

/** Paragraphs, lists, code, bold and links. */
export function Markdown({ text }: { text: string }) {
  const blocks = text.match(/```\w*\n[\s\S]*?```|(?:(?!\n\n|```)[\s\S])+/g) ?? [];
  const trimmed = blocks.map((block) => block.trim()).filter(Boolean);
  return <div className="markdown">{trimmed.map((block, index) => <Block key={index} text={block} />)}</div>;
}

export function Steps({ steps }: { steps: string[] }) {
  return <ol className="steps">{steps.map((step, index) => <li key={index}><Markdown text={step} /></li>)}</ol>;
}

interface CopyProps {
  text: string | (() => string); // a function where making the text takes time, or its value changes
  label: string;
  className?: string;
}

export function CopyButton({ text, label, className = 'plain-button' }: CopyProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(() => setCopied(true), () => setCopied(false));
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" className={className} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t('text.copied') : label}</span>
    </button>
  );
}

export function CodeBlock({ text }: { text: string }) {
  return (
    <div className="code-block">
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} label={t('text.copy')} />
    </div>
  );
}

export function Digest({ digest }: { digest: string }) {
  return <code className="digest" title={digest}>{shortDigest(digest)}</code>;
}

export function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return <span className="muted">{t('image.untagged')}</span>;
  return <span className="tags" title={tags.join(', ')}>{tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</span>;
}

export function Time({ at, ago = false }: { at: string | null | undefined; ago?: boolean }) {
  const zone = useZone();
  if (!at) return <span className="muted">{t('text.never')}</span>;
  const exact = formatTime(at, zone);
  return <time dateTime={at} title={exact}>{ago ? formatAgo(at) : exact}</time>;
}
