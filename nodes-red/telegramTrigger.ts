import { telegramTrigger } from '../src/triggers/telegramTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(telegramTrigger);
