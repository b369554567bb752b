import { telegramTrigger } from '../../src/services/telegram/telegram.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class TelegramTrigger extends triggerNode(telegramTrigger) {}
