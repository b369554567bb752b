import { onebot } from '../src/channels/onebot';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonOnebotApi extends credential(onebot) {}
