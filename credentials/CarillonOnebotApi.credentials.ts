import { onebot } from '../src/services/onebot/onebot.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonOnebotApi extends credential(onebot) {}
