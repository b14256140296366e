import { type Clerk, clerk as clerkShape } from '@manyi/config/api';
import { clerkId } from '@manyi/config/ids';
import { Form, Input, Rate, Switch } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import type { Removal } from '../frame/remove-button.tsx';
import { useRules } from '../frame/rules.ts';
import { send } from '../http/client.ts';
import { type PhotoChange, PhotoField } from './photo-field.tsx';

interface ClerkDrawerProps {
  edited: Partial<Clerk> | null;
  close: () => void;
}

type Fields = Pick<Clerk, 'id' | 'name' | 'number' | 'active'> & { stars?: number | null };

/** Adds or changes a clerk, with the photo. */
export function ClerkDrawer({ edited, close }: ClerkDrawerProps) {
  const { t } = useTranslation();
  const rules = useRules();
  const [photo, setPhoto] = useState<PhotoChange>(undefined);
  const id = edited?.id;

  const save = async ({ id: given, active, stars, ...fields }: Fields) => {
    const body = { ...fields, site: edited?.site, stars: stars || null };
    if (id === undefined) await send(clerkShape, 'POST', '/clerks', { id: given, ...body });
    else await send(clerkShape, 'PATCH', `/clerks/${id}`, { ...body, active });
    if (photo instanceof Blob) await send(clerkShape, 'PUT', `/clerks/${given}/photo`, photo);
    else if (photo === null && edited?.photo) await send(clerkShape, 'DELETE', `/clerks/${given}/photo`);
  };
  const removal: Removal | null =
    edited === null || id === undefined
      ? null
      : {
          ask: t('people.clerk.removeAsk', { name: edited.name }),
          detail: t('people.clerk.removeDetail'),
          run: async () => {
            const kept = await send(clerkShape.nullable(), 'DELETE', `/clerks/${id}`);
            return kept === null ? null : t('people.clerk.kept');
          },
          changes: ['clerks', 'badges', 'floor'],
        };
  const end = () => {
    setPhoto(undefined);
    close();
  };

  return (
    <EditDrawer<Fields>
      title={t(id === undefined ? 'people.clerk.add' : 'people.clerk.edit')}
      initial={edited}
      save={save}
      changes={['clerks', 'floor']}
      removal={removal}
      close={end}
    >
      <PhotoField clerk={edited ?? {}} change={photo} choose={setPhoto} />
      <Form.Item name="name" label={t('people.clerk.name')} rules={rules.required}>
        <Input />
      </Form.Item>
      <Form.Item name="number" label={t('people.clerk.number')} rules={rules.required}>
        <Input />
      </Form.Item>
      <Form.Item name="id" label={t('people.clerk.id')} rules={rules.clerkId} extra={t('people.clerk.idHint')}>
        <Input disabled={id !== undefined} spellCheck={false} />
      </Form.Item>
      {id === undefined && <NumberAsId />}
      <Form.Item name="stars" label={t('people.clerk.stars')}>
        <Rate />
      </Form.Item>
      {id !== undefined && (
        <Form.Item required name="active" label={t('people.clerk.active')} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
    </EditDrawer>
  );
}

/** Until somebody writes another id, a new clerk's is the staff number, where that can be one. */
function NumberAsId() {
  const form = Form.useFormInstance<Fields>();
  const number = Form.useWatch('number', form);
  const given = useRef('');
  useEffect(() => {
    if ((form.getFieldValue('id') ?? '') !== given.current) return;
    given.current = clerkId.safeParse(number).data ?? '';
    form.setFieldValue('id', given.current);
  }, [form, number]);
  return null;
}
