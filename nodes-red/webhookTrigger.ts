import { webhookTrigger } from '../src/services/webhook/webhook.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(webhookTrigger);
