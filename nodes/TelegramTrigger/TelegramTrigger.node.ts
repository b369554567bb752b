import { telegramTrigger } from '../../src/triggers/telegramTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class TelegramTrigger extends triggerNode(telegramTrigger) {}
