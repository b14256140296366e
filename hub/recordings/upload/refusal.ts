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
