import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/**
 * A page that somebody goes to is seen from its top. Whoever's focus was on what is gone goes on at its heading, which is read out; nobody
 * else's focus is moved.
 */
export function useArrival(): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  const left = useRef(pathname);
  useEffect(() => {
    if (left.current === pathname) return;
    left.current = pathname;
    if (how === 'PUSH') scrollTo(0, 0);
    if (document.activeElement !== document.body) return;
    const heading = document.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }, [pathname, how]);
}
