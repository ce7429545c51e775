import type { EventListener } from '@sallyport/core';
import type { Provider } from '../providers/provider.ts';

/** Says at the start what no process can see: whether requests come around the front door. */
export function reportFrontDoor(
  { name, title }: Pick<Provider, 'name' | 'title'>,
  onEvent: EventListener,
): void {
  onEvent({
    type: 'front_door_unchecked',
    provider: name,
    advice: `The server trusts ${title}, and cannot see whether it can be reached around it. Close that way: gcloud run services update SERVICE --ingress internal-and-cloud-load-balancing, or turn the proxy on for the service itself: gcloud run services update SERVICE --iap`,
  });
}
