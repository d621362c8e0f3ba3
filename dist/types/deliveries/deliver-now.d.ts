import type { DeliverContext, DeliverOptions, Delivery } from '../runtime/delivering.ts';
import { type DeliveryJob } from './delivery.ts';
export declare function deliverNow(context: DeliverContext, options: DeliverOptions): Delivery;
/** What is given, checked before anything is sent. */
export declare function openJob(id: string, { action, clock, directory }: DeliverContext, options: DeliverOptions): Promise<DeliveryJob>;
