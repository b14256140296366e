/** The part of node-hid 3 in use: declared here, so that the build does not need an optional package. */
declare module 'node-hid' {
  export interface Device {
    vendorId: number;
    productId: number;
    path?: string | undefined;
    manufacturer?: string | undefined;
    product?: string | undefined;
    usagePage?: number | undefined;
    usage?: number | undefined;
  }
  interface HidAsync {
    on(event: 'data', listener: (report: Buffer) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    close(): Promise<void>;
  }
  const hid: {
    setDriverType(type: 'hidraw'): void;
    devicesAsync(): Promise<Device[]>;
    readonly HIDAsync: { open(path: string): Promise<HidAsync> };
  };
  export default hid;
}
