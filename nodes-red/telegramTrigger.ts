import { telegramTrigger } from '../src/services/telegram/telegram.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(telegramTrigger);
