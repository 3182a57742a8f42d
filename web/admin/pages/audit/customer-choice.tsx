import { useEffect, useId, useState } from 'preact/hooks';
import { Field } from '../../../ui/field.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { CustomerList, CustomerRow } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';

const TYPING_PAUSE_MILLISECONDS = 250;
const offered = ({ name, code }: Pick<CustomerRow, 'name' | 'code'>) => `${name} (${code})`;

/** Whose events: found by name or code, taken when it is one that is offered. */
export function CustomerChoice({
  onChoose,
}: {
  onChoose: (customer: string, name: string) => void;
}) {
  const { paths } = useOrg();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), TYPING_PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useResource<CustomerList>(q ? withQuery(paths.api('customers'), { q }) : null);
  const [seen, setSeen] = useState<CustomerRow[]>([]);
  useEffect(() => {
    if (found.value) setSeen(found.value.customers);
  }, [found.value]);
  return (
    <Field label={t('audit.customer')}>
      {(input) => (
        <>
          <input
            {...input}
            list={list}
            autocomplete="off"
            maxLength={100}
            value={typed}
            onInput={(event) => {
              const text = event.currentTarget.value;
              const one = seen.find((customer) => offered(customer) === text);
              setTyped(one ? '' : text);
              if (one) onChoose(one.id, one.name);
            }}
          />
          <datalist id={list}>
            {seen.map((customer) => (
              <option key={customer.id} value={offered(customer)} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
