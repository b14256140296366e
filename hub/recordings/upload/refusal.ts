/** What the upload protocol answers: its server looks for `status_code` and `body` on what is thrown. */
export class UploadRefusal extends Error {
  readonly status_code: number;
  readonly body: string;

  constructor(status: number, message: string) {
    super(message);
    this.status_code = status;
    this.body = `${message}\n`;
  }
}

/** What a terminal is told of a clip that was deleted, or that it said it had lost: it may let it go. */
export function unwanted(): UploadRefusal {
  return new UploadRefusal(410, 'this clip is not wanted any more');
}
