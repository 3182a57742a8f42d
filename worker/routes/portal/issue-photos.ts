/** A report's photos, over HTTP: taken in by what their bytes are, and given back as nothing else. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer, asCustomerStill } from '../../access/guards.ts';
import {
  addIssuePhoto,
  type IssuePhoto,
  readPhotoTerms,
  viewIssuePhoto,
} from '../../domain/issue.ts';
import { photoKey, photoName, photoType } from '../../domain/photo.ts';
import { AppError } from '../../errors.ts';
import { sha256 } from '../../sha256.ts';
import { ISSUE_PHOTOS_MAX, PHOTO_MAX_BYTES } from '../../vocabulary.ts';
import { bodyOf, readBytes } from '../bytes.ts';
import { photoHeaders } from '../file-headers.ts';

const resolved = () => new AppError('issue_resolved', 'the issue is resolved');
const tooMany = () => new AppError('too_many_photos', `at most ${ISSUE_PHOTOS_MAX} photos`);

/**
 * Takes the body as a photo of a report. The bytes are put first, so that what the database names is
 * always there; nothing is put for a report that would not take it. Bytes that the report has are known,
 * so an upload that died after its last byte is simply sent again.
 *
 * @throws AppError `not_found`, `issue_resolved`, `too_large`, `photo_not_image`, `too_many_photos`
 */
export async function takePhoto(
  c: Context<AppEnv>,
  issueId: string,
  { name }: { name: string },
): Promise<{ photo: IssuePhoto; isKnown: boolean }> {
  const [{ rows }] = await asCustomer(c, null, (db) => [readPhotoTerms(db, issueId)]);
  const [terms] = rows;
  if (terms === undefined) {
    throw new AppError('not_found', 'no such issue');
  }
  const bytes = await readBytes(c.req.raw, PHOTO_MAX_BYTES);
  const mediaType = photoType(bytes);
  if (mediaType === null) {
    throw new AppError('photo_not_image', 'not a JPEG, PNG, WebP or HEIC image');
  }
  const photo = {
    sha256: await sha256(bytes),
    size: bytes.byteLength,
    mediaType,
    fileName: photoName(name),
  };
  const put = () =>
    c.env.ports.bucket.put(photoKey(terms.orgId, photo.sha256), bytes, {
      sha256: photo.sha256,
      httpMetadata: { contentType: mediaType },
      onlyIf: { etagDoesNotMatch: '*' },
    });
  let wasThere = false;
  if (!terms.photos.includes(photo.sha256)) {
    if (terms.isResolved) {
      throw resolved();
    }
    if (terms.photos.length >= ISSUE_PHOTOS_MAX) {
      throw tooMany();
    }
    wasThere = (await put()) === null;
  }
  const [added] = await asCustomerStill(c, (db) => [addIssuePhoto(db, issueId, photo)]);
  const [row] = added.rows;
  if (row === undefined) {
    throw new AppError('not_found', 'no such issue');
  }
  // Another request may have decided in between.
  if (row.status === 'resolved') {
    throw resolved();
  }
  if (row.status === 'too_many') {
    throw tooMany();
  }
  if (wasThere) {
    // Until its row came, the night's job could have taken what another upload had left there.
    await put();
  }
  const { id, fileName, size, mediaType: type } = row;
  return {
    photo: { id, fileName, size: Number(size), mediaType: type },
    isKnown: row.status === 'known',
  };
}

/** @throws AppError `not_found`; `document_unavailable` when its bytes are gone */
export async function servePhoto(
  c: Context<AppEnv>,
  issueId: string,
  photoId: string,
): Promise<Response> {
  const [{ rows }] = await asCustomer(c, null, (db) => [viewIssuePhoto(db, issueId, photoId)]);
  const [photo] = rows;
  if (photo === undefined) {
    throw new AppError('not_found', 'no such photo');
  }
  const object = await c.env.ports.bucket.get(photoKey(photo.orgId, photo.sha256));
  if (object === null) {
    throw new AppError('document_unavailable', 'the bucket does not hold the photo');
  }
  const headers = photoHeaders(photo.fileName, object.size, photo.mediaType);
  return new Response(bodyOf(object), { status: 200, headers });
}
