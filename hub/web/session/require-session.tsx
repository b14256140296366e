import { Navigate, Outlet, useLocation } from 'react-router';
import { Failed, Loading } from '../frame/states.tsx';
import { useMe } from './session.ts';

/** Lets only signed-in users through; others sign in first and come back. */
export function RequireSession() {
  const { data, error, isPending, refetch } = useMe();
  const location = useLocation();
  if (isPending) return <Loading />;
  if (error !== null) return <Failed error={error} retry={refetch} />;
  if (data !== null) return <Outlet />;
  const here = `${location.pathname}${location.search}`;
  return <Navigate replace to={here === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(here)}`} />;
}
