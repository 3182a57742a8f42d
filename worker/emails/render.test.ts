import { describe, expect, test } from 'vitest';
import { LOCALES } from '../vocabulary.ts';
import { type EmailParams, renderEmail } from './render.tsx';

const URL = 'https://portal.example/customer/cfl01_ACME01_xyz';
const params: EmailParams['documents-ready'] = {
  orgName: 'Northwind Paper',
  colour: '#1f5f5b',
  ink: '#ffffff',
  contactEmail: 'sales@northwind.example',
  contactPhone: '+48 22 000 00 00',
  contactName: 'Anna Nowak',
  customerName: 'Corner Shop',
  url: URL,
  expiresOn: '2027-02-19',
  documents: 3,
  orders: 1,
};
const reply: EmailParams['issue-reply'] = {
  ...params,
  number: 'R-12',
  order: 'SO-1001',
  by: 'Clara Nowak',
  body: 'New bolts are on their way.',
};
const answer: EmailParams['change-answered'] = {
  ...params,
  decision: { kind: 'delivery_address', status: 'declined', reason: 'We do not know this street.' },
};
const parcel = {
  order: 'SO-1001',
  number: '1Z999',
  carrier: 'UPS',
  status: 'delivered',
  at: '2026-11-20T13:30:00Z',
} as const;
const news: EmailParams['news'] = { ...params, news: [parcel], timeZone: 'Europe/Warsaw' };
const statement: EmailParams['statement-ready'] = {
  ...params,
  from: '2026-10-01',
  to: '2026-10-31',
};
const all = { ...reply, ...answer, ...news, ...statement };
const TEMPLATES = [
  'access-link',
  'documents-ready',
  'issue-reply',
  'change-answered',
  'news',
  'statement-ready',
] as const;
const every = TEMPLATES.flatMap((template) => LOCALES.map((language) => ({ template, language })));
const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe.each(every)('$template in $language', ({ template, language }) => {
  const { subject, html, text } = renderEmail(template, language, all);

  test('the link is one button, and is there to copy, once in each version', () => {
    expect(occurrences(html, `href="${URL}"`)).toBe(1);
    expect(occurrences(html, 'href=')).toBe(1);
    expect(occurrences(html, URL)).toBe(2);
    expect(occurrences(text, URL)).toBe(1);
  });

  test('both versions say who writes, to whom, about which company, and where to ask', () => {
    for (const version of [html, text]) {
      for (const said of [
        'Northwind Paper',
        'Anna Nowak',
        'Corner Shop',
        'sales@northwind.example',
        '+48 22 000 00 00',
        '2027',
        '19',
      ]) {
        expect(version).toContain(said);
      }
    }
    expect(subject).toContain('Northwind Paper');
    expect(html).toContain(`<html lang="${language}"`);
    expect(html).toContain('#1f5f5b');
  });

  test('how to have no more of it stands at its foot, once, where there is less to be had', () => {
    const url = 'https://portal.example/unsubscribe/cfu01_x';
    const unsubscribe = { topic: 'issues', url } as const;
    const mail = renderEmail(template, language, { ...all, unsubscribe });
    expect(occurrences(mail.html, `href="${url}"`)).toBe(1);
    expect(occurrences(mail.text, url)).toBe(1);
    expect(mail.text.indexOf(url)).toBeGreaterThan(mail.text.indexOf('-- \n'));
    expect(occurrences(mail.html, 'href=')).toBe(2);
  });

  test('nothing is left unsaid', () => {
    for (const version of [subject, html, text]) {
      expect(version).not.toMatch(/undefined|null|NaN|\[object|\$\{/);
    }
  });

  test('a hostile name is text, and never a line of its own', () => {
    const hostile = `<script>alert("1")</script>\r\nBcc: all@bank.example\u2028&amp;'`;
    const mail = renderEmail(template, language, {
      ...all,
      news: [{ ...parcel, order: hostile, carrier: hostile, number: hostile }],
      by: hostile,
      order: hostile,
      body: hostile,
      decision: { ...answer.decision, reason: hostile },
      orgName: hostile,
      customerName: hostile,
      contactName: hostile,
      contactEmail: hostile,
      contactPhone: hostile,
    });
    expect(mail.html).not.toContain('<script');
    expect(mail.html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(mail.html).toContain('&amp;amp;');
    expect(mail.subject).not.toMatch(/[\r\n\u2028]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });

  test('a supplier without contact details and a person without a name still read well', () => {
    const mail = renderEmail(template, language, {
      ...all,
      contactEmail: null,
      contactPhone: null,
      contactName: null,
    });
    for (const version of [mail.html, mail.text]) {
      expect(version).not.toMatch(/null|undefined|false/);
      expect(version).not.toContain('?\n\n--');
    }
  });
});

test('nobody is asked to reply to a supplier who gave no address', () => {
  const { text } = renderEmail('access-link', 'en', { ...params, contactEmail: null });
  expect(text).toContain('Questions? Contact Northwind Paper:\n+48 22 000 00 00');
});

const subjectOf = (language: (typeof LOCALES)[number], documents: number, orders: number) =>
  renderEmail('documents-ready', language, { ...params, orgName: 'X', documents, orders }).subject;

test.each([
  [1, 'X: 1 dokument i 1 zamówienie do wglądu'],
  [2, 'X: 2 dokumenty i 2 zamówienia do wglądu'],
  [5, 'X: 5 dokumentów i 5 zamówień do wglądu'],
  [12, 'X: 12 dokumentów i 12 zamówień do wglądu'],
  [22, 'X: 22 dokumenty i 22 zamówienia do wglądu'],
  [25, 'X: 25 dokumentów i 25 zamówień do wglądu'],
])('Polish counts %d as Poles do', (count, subject) => {
  expect(subjectOf('pl', count, count)).toBe(subject);
});

test.each([
  ['en', 3, 1, 'X: 3 documents and 1 order are ready'],
  ['en', 1, 0, 'X: 1 document is ready'],
  ['en', 0, 2, 'X: 2 orders are ready'],
  ['es', 3, 1, 'X: 3 documentos y 1 pedido ya están listos'],
  ['es', 0, 1, 'X: 1 pedido ya está listo'],
  ['pl', 1, 0, 'X: 1 dokument do wglądu'],
] as const)('%s says %d documents and %d orders', (language, documents, orders, subject) => {
  expect(subjectOf(language, documents, orders)).toBe(subject);
});

const digest = (language: (typeof LOCALES)[number], lines: EmailParams['news']['news']) =>
  renderEmail('news', language, { ...news, orgName: 'X', news: lines });
const times = (count: number, orders: number) =>
  Array.from({ length: count }, (_, at) => ({ ...parcel, order: `SO-${at % orders}` }));

test.each([
  ['en', 1, 1, 'X: order SO-0 was delivered'],
  ['en', 2, 1, 'X: 2 updates on your order'],
  ['en', 5, 2, 'X: 5 updates on 2 orders'],
  ['es', 5, 2, 'X: 5 novedades sobre 2 pedidos'],
  ['pl', 2, 1, 'X: 2 nowe wiadomości o Państwa zamówieniu'],
  ['pl', 5, 2, 'X: 5 nowych wiadomości o dostawach (2 zamówienia)'],
  ['pl', 12, 5, 'X: 12 nowych wiadomości o dostawach (5 zamówień)'],
] as const)('in %s, %d news of %d orders are counted', (language, count, orders, subject) => {
  expect(digest(language, times(count, orders)).subject).toBe(subject);
});

test('a digest tells order by order what happened, by the supplier’s clock', () => {
  const { text, html } = digest('en', [
    { ...parcel, status: 'out_for_delivery', at: '2026-11-20T07:05:00Z' },
    parcel,
    { ...parcel, order: 'SO-7', number: null, carrier: null, status: 'exception' },
  ]);
  expect(text.replaceAll('\u202f', ' ')).toContain(
    [
      'Order SO-1001',
      '- Nov 20, 2026, 8:05 AM · Parcel 1Z999 (UPS) is out for delivery.',
      '- Nov 20, 2026, 2:30 PM · Parcel 1Z999 (UPS) was delivered.',
      '',
      'Order SO-7',
      '- Nov 20, 2026, 2:30 PM · A parcel is held up. The carrier reports a problem.',
    ].join('\n'),
  );
  expect(occurrences(html, 'Order SO-1001')).toBe(1);
  expect(text).toContain('See your deliveries:');
});

describe.each(LOCALES)('a publish that was sent back, in %s', (language) => {
  const sentBack: EmailParams['publish-rejected'] = {
    orgName: 'Northwind Paper',
    colour: '#1f5f5b',
    ink: '#ffffff',
    memberName: 'Clara Nowak',
    name: 'March invoices',
    by: 'Amir Haddad',
    reason: 'INV-7 shows the old price.',
    url: 'https://console.example/admin/northwind/publishes/1',
  };

  test('says which, who sent it back and why, and leads to it', () => {
    const { subject, html, text } = renderEmail('publish-rejected', language, sentBack);
    expect(subject).toContain('March invoices');
    for (const version of [html, text]) {
      for (const said of ['Clara Nowak', 'March invoices', 'Amir Haddad', 'INV-7', sentBack.url]) {
        expect(version).toContain(said);
      }
      expect(version).not.toMatch(/undefined|null|NaN/);
    }
  });

  test('has the reason as text, on one line', () => {
    const reason = '<b>no</b>\r\nBcc: all@bank.example';
    const { html, text } = renderEmail('publish-rejected', language, { ...sentBack, reason });
    expect(html).toContain('&lt;b&gt;no&lt;/b&gt;');
    expect(text).not.toMatch(/^Bcc:/m);
  });
});

describe.each(LOCALES)('a reply to a report, in %s', (language) => {
  test('names the report and its order in the subject, and says who wrote what', () => {
    const { subject, html, text } = renderEmail('issue-reply', language, reply);
    expect(subject).toMatch(/R-12.*SO-1001/);
    for (const version of [html, text]) {
      expect(version).toContain('Clara Nowak');
      expect(version).toContain('New bolts are on their way.');
    }
  });

  test('keeps the lines of what was written, none of which passes for one of ours', () => {
    const body = 'Sorry.\r\n\n\nNew <b>bolts</b> leave today.\n-- \nBcc: all@bank.example';
    const { html, text } = renderEmail('issue-reply', language, { ...reply, body });
    expect(text).toContain(
      '> Sorry.\n>\n> New <b>bolts</b> leave today.\n> --\n> Bcc: all@bank.example',
    );
    expect(html).toMatch(/Sorry\.<br\/?><br\/?>New &lt;b&gt;bolts&lt;\/b&gt;/);
  });
});

describe.each(LOCALES)('a letter to whoever answers reports, in %s', (language) => {
  const desk: EmailParams['issue-reported'] = {
    orgName: 'Northwind Paper',
    colour: '#1f5f5b',
    ink: '#ffffff',
    memberName: null,
    customerName: 'Corner Shop',
    number: 'R-12',
    order: 'SO-1001',
    kind: 'damaged',
    by: 'Anna Nowak',
    body: 'The carton is wet.\nSix reams are lost.',
    url: 'https://console.example/admin/northwind/issues/1',
  };

  test.each(['issue-reported', 'issue-answered'] as const)(
    '%s says who, about what',
    (template) => {
      const { subject, html, text } = renderEmail(template, language, desk);
      for (const said of ['R-12', 'SO-1001', 'Corner Shop']) expect(subject).toContain(said);
      for (const version of [html, text]) {
        for (const said of ['Anna Nowak', 'Six reams are lost.', desk.url, 'Northwind Paper']) {
          expect(version).toContain(said);
        }
        expect(version).not.toMatch(/undefined|null|NaN|\[object/);
      }
    },
  );
});

test('a customer reads what became of their request, and why', () => {
  const declined = renderEmail('change-answered', 'en', answer);
  expect(declined.subject).toBe('Northwind Paper: your request for a change was declined');
  expect(declined.text).toContain('another delivery address');
  expect(declined.text).toContain('> We do not know this street.');
  const decision = { kind: 'contact_details', status: 'accepted', reason: null } as const;
  const accepted = renderEmail('change-answered', 'en', { ...params, decision });
  expect(accepted.text).toContain('They have noted it in their books.');
  expect(accepted.text).not.toContain('>');
});
