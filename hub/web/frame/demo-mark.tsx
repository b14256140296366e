import { demoSite } from '@manyi/config/demo';
import { useSites } from './sites.tsx';
import './demo-mark.css';

/** Says on every page of a demo's hub that its figures were made up, in both languages at once. */
export function DemoMark() {
  const sites = useSites().data ?? [];
  if (!sites.some(({ id }) => id === demoSite)) return null;
  return (
    <p className="demo-mark" role="note">
      <span lang="zh">演示数据</span> <span lang="en">Demo data</span>
    </p>
  );
}
